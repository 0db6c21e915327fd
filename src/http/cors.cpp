#include "http/cors.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "http/router.h"

namespace parley::http {
namespace {

constexpr const char* kMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
constexpr const char* kRequestHeaders =
    "Authorization, Content-Type, X-Tenant-Domain, Idempotency-Key, If-Match, If-None-Match, "
    "Last-Event-ID, X-Request-Id";
constexpr const char* kResponseHeaders = "X-Request-Id, Idempotent-Replayed, ETag, Retry-After";
constexpr const char* kPreflightSeconds = "600";

/// `scheme://host` or `scheme://host:port` (RFC 6454 section 6.2), as browsers send it.
bool is_origin(std::string_view text) {
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos || scheme_end == 0) return false;
  const std::string_view host = text.substr(scheme_end + 3);
  return !host.empty() && host.find_first_of("/?#@*") == std::string_view::npos;
}

std::vector<std::string> words_of(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, ',', ' ');
  std::vector<std::string> words;
  for (auto& word : split(collapse_white_space(spaced), ' ')) {
    if (!word.empty()) words.push_back(lower(word));
  }
  return words;
}

}  // namespace

Cors::Cors(std::string_view origins, std::vector<std::string> open_prefixes)
    : open_prefixes_(std::move(open_prefixes)) {
  for (auto& origin : words_of(origins)) {
    if (origin == "*") {
      allows_all_ = true;
    } else if (is_origin(origin)) {
      origins_.push_back(std::move(origin));
    } else {
      throw Error(ErrorCode::InvalidConfiguration,
                  fmt::format("cors.origins holds '{}', which is no origin", origin),
                  "An origin is scheme, host and port, such as https://app.example.org, without a "
                  "path or a final slash; * allows all.");
    }
  }
}

/// Whatever the origin is.
bool Cors::allows_any(const Request& request) const {
  return allows_all_ || std::ranges::any_of(open_prefixes_, [&](const std::string& prefix) {
           return request.path.starts_with(prefix);
         });
}

bool Cors::allows(const Request& request) const {
  return allows_any(request) || std::ranges::any_of(origins_, [&](const std::string& known) {
           return equals_ignoring_case(known, request.header("Origin"));
         });
}

bool Cors::is_preflight(const Request& request) const {
  return (is_on() || allows_any(request)) && request.method == "OPTIONS" &&
         !request.header("Origin").empty() &&
         !request.header("Access-Control-Request-Method").empty();
}

Response Cors::answer_preflight(const Request& request) const {
  if (!allows(request)) {
    const Problem problem{
        403, "origin_not_allowed", "Pages of this origin may not call here.", {}, {}};
    return problem_response(problem, request);
  }
  Response response;
  response.status = 204;
  response.headers = {{"Access-Control-Allow-Methods", kMethods},
                      {"Access-Control-Allow-Headers", kRequestHeaders},
                      {"Access-Control-Max-Age", kPreflightSeconds}};
  return response;
}

void Cors::add_headers(const Request& request, Response& response) const {
  const bool is_for_all = allows_any(request);
  if (!is_on() && !is_for_all) return;
  // Also without an origin: a cache must not give this answer to a page that sends one.
  if (!is_for_all) response.headers.emplace_back("Vary", "Origin");
  const std::string_view origin = request.header("Origin");
  if (origin.empty() || !allows(request)) return;
  response.headers.emplace_back("Access-Control-Allow-Origin",
                                is_for_all ? std::string("*") : std::string(origin));
  // Browsers take no credentials along to "*" (Fetch standard, "CORS protocol and credentials").
  if (!is_for_all) response.headers.emplace_back("Access-Control-Allow-Credentials", "true");
  response.headers.emplace_back("Access-Control-Expose-Headers", kResponseHeaders);
}

}  // namespace parley::http
