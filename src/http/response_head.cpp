#include "http/response_head.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>

#include "base/crypto.h"
#include "base/log.h"
#include "base/text.h"

namespace parley::http {
namespace {

constexpr auto kOwnFields = std::to_array<std::string_view>(
    {"Date", "Content-Length", "Content-Type", "Connection", "Transfer-Encoding", "X-Request-Id",
     "X-Content-Type-Options"});

bool is_own_field(std::string_view name) {
  return std::any_of(kOwnFields.begin(), kOwnFields.end(),
                     [&](std::string_view own) { return equals_ignoring_case(own, name); });
}

/// Which bytes a field name may hold (RFC 9110 section 5.6.2).
constexpr auto kIsTokenCharacter = [] {
  std::array<bool, 256> table{};
  for (unsigned char c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned char c = 'a'; c <= 'z'; ++c) table[c] = table[c - 'a' + 'A'] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return kIsTokenCharacter[static_cast<unsigned char>(c)];
  });
}

bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
  if (!is_token(name) || !is_field_value(value)) {
    log::error("A response header was left out because it would break the answer: {}",
               to_hex(name));
    return;
  }
  fmt::format_to(std::back_inserter(head), "{}: {}\r\n", name, value);
}

bool is_chunked(AfterAnswer after) {
  return after == AfterAnswer::Chunked || after == AfterAnswer::ChunkedClose;
}

}  // namespace

std::string_view DateText::at(std::chrono::sys_seconds now) {
  if (text_.empty() || now != second_) {
    second_ = now;
    text_ = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                        fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
  }
  return text_;
}

bool has_no_body(int status) { return status / 100 == 1 || status == 204 || status == 304; }

std::string response_head(const Response& response, std::string_view request_id,
                          std::string_view date, AfterAnswer after) {
  std::string head = fmt::format(
      "HTTP/1.1 {} {}\r\nDate: {}\r\nX-Request-Id: {}\r\nX-Content-Type-Options: nosniff\r\n",
      response.status, reason_of(response.status), date, request_id);
  if (!has_no_body(response.status)) {
    if (!response.content_type.empty()) append_field(head, "Content-Type", response.content_type);
    if (is_chunked(after)) {
      head += "Transfer-Encoding: chunked\r\n";
    } else if (after != AfterAnswer::Stream) {
      fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", response.body.size());
    }
  }
  // RFC 9110 section 7.8: who sends Upgrade names it in Connection.
  if (!response.header("Upgrade").empty()) head += "Connection: Upgrade\r\n";
  const bool stays_open = after == AfterAnswer::KeepOpen || after == AfterAnswer::Chunked;
  if (!stays_open) head += "Connection: close\r\n";
  for (const auto& [name, value] : response.headers) {
    if (!is_own_field(name)) append_field(head, name, value);
  }
  head += "\r\n";
  return head;
}

}  // namespace parley::http
