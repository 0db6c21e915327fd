#include "http/compression.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "base/check.h"
#include "base/text.h"

namespace parley::http {
namespace {

/// The quickest: this runs on an I/O thread, and JSON gets five times smaller all the same.
constexpr int kLevel = 1;
constexpr int kGzipWindow = 15 + 16;  ///< zlib's manual, deflateInit2: 16 asks for the gzip frame.
constexpr int kMemoryLevel = 8;

constexpr auto kTextTypes = std::to_array<std::string_view>(
    {"application/json", "application/problem+json", "application/javascript", "application/xml",
     "application/yaml", "image/svg+xml"});

struct Choice {
  std::string_view coding;
  double weight = 1;
};

std::optional<double> weight_of(std::string_view parameter) {
  const std::string_view text = trim(parameter);
  if (text.size() < 3 || !equals_ignoring_case(text.substr(0, 2), "q=")) return std::nullopt;
  double weight = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data() + 2, end, weight);
  if (problem != std::errc() || rest != end || weight < 0 || weight > 1) return std::nullopt;
  return weight;
}

/// `gzip;q=0.5`. A weight that cannot be read counts as none: 0.
Choice choice_of(std::string_view text) {
  const auto semicolon = text.find(';');
  Choice choice{trim(text.substr(0, semicolon))};
  if (semicolon != std::string_view::npos) {
    choice.weight = weight_of(text.substr(semicolon + 1)).value_or(0);
  }
  return choice;
}

bool is_text(std::string_view content_type) {
  const std::string_view type = trim(content_type.substr(0, content_type.find(';')));
  return type.starts_with("text/") || std::ranges::find(kTextTypes, type) != kTextTypes.end();
}

bool has_changeable_body(const Response& response) {
  return response.status != 206 && response.header("Content-Encoding").empty() &&
         response.header("Cache-Control").find("no-transform") == std::string_view::npos;
}

void weaken_etag(Response& response) {
  for (auto& [name, value] : response.headers) {
    if (equals_ignoring_case(name, "ETag") && value.starts_with('"')) value.insert(0, "W/");
  }
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  std::optional<double> gzip;
  std::optional<double> others;
  double identity = 0;
  while (!accept_encoding.empty()) {
    const std::string_view item = accept_encoding.substr(0, accept_encoding.find(','));
    accept_encoding.remove_prefix(std::min(accept_encoding.size(), item.size() + 1));
    const Choice choice = choice_of(item);
    if (equals_ignoring_case(choice.coding, "gzip") ||
        equals_ignoring_case(choice.coding, "x-gzip")) {
      gzip = choice.weight;
    } else if (choice.coding == "*") {
      others = choice.weight;
    } else if (equals_ignoring_case(choice.coding, "identity")) {
      identity = choice.weight;
    }
  }
  const double weight = gzip ? *gzip : others.value_or(0);
  return weight > 0 && weight >= identity;
}

Gzip::Gzip() = default;

Gzip::~Gzip() {
  if (stream_) deflateEnd(stream_.get());
}

std::string Gzip::compress(std::string_view text) {
  if (!stream_) {
    stream_ = std::make_unique<z_stream_s>();
    const int outcome = deflateInit2(stream_.get(), kLevel, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                                     Z_DEFAULT_STRATEGY);
    PARLEY_CHECK(outcome == Z_OK);
  }
  std::string compressed(deflateBound(stream_.get(), text.size()), '\0');
  // zlib takes, but does not change, what it reads.
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream_->avail_in = static_cast<uInt>(text.size());
  stream_->next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream_->avail_out = static_cast<uInt>(compressed.size());
  PARLEY_CHECK(deflate(stream_.get(), Z_FINISH) == Z_STREAM_END);
  compressed.resize(stream_->total_out);
  deflateReset(stream_.get());
  return compressed;
}

void compress_body(Gzip& gzip, const Request& request, Response& response, std::size_t bytes_min) {
  if (response.body.size() < bytes_min || !is_text(response.content_type)) return;
  if (!has_changeable_body(response)) return;
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!accepts_gzip(request.header("Accept-Encoding"))) return;
  response.body = gzip.compress(response.body);
  response.headers.emplace_back("Content-Encoding", "gzip");
  weaken_etag(response);
}

}  // namespace parley::http
