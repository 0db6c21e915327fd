#include "http/request_parser.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "http/router.h"
#include "http/target.h"

namespace parley::http {
namespace {

namespace beast = boost::beast;

constexpr std::size_t kTargetBytesMax = 8 << 10;
constexpr std::size_t kHeadersMax = 100;

/// From any point inside a chunked body at least "0\r\n\r\n" must follow. Beast 1.81 asserts as
/// much when it resumes in front of the last chunk, so fewer bytes are not shown to it.
constexpr std::size_t kChunkedRestMin = 5;

Problem problem_with_status(int status, std::string code, std::string detail) {
  return {status, std::move(code), std::move(detail), {}, {}};
}

Problem target_too_long() {
  return problem_with_status(414, "uri_too_long", "The request target is too long.");
}

Problem header_too_large() {
  return problem_with_status(431, "header_too_large", "The request header is too large.");
}

Problem payload_too_large(std::size_t bytes_max) {
  return problem_with_status(
      413, "payload_too_large",
      "The body is too large; at most " + std::to_string(bytes_max) + " bytes are taken.");
}

/// True for a well-formed request line of a version that is not spoken here.
bool names_another_version(std::string_view text) {
  constexpr std::string_view kProtocol = " HTTP/";
  const auto at = text.find(kProtocol);
  const auto line_end = text.find("\r\n");
  if (at == std::string_view::npos || at + kProtocol.size() + 3 != line_end) return false;
  const std::string_view version = text.substr(at + kProtocol.size(), 3);
  return version[1] == '.' && version != "1.1" && version != "1.0";
}

}  // namespace

RequestParser::RequestParser(const RequestLimits& limits) : limits_(limits) {
  eager(true);
  // Beast's own limit is for what waits unread at one time; the sum is counted in
  // `count_header_bytes`.
  header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
  // Which route it is for is known later; see `limit_body`.
  const std::size_t of_routes = limits.router ? limits.router->body_bytes_max() : 0;
  body_limit(std::max(limits.body_bytes_max, of_routes));
}

RequestParser::Fed RequestParser::feed(std::string_view bytes) {
  PARLEY_CHECK(!problem_ && !is_done());
  std::size_t consumed = 0;
  // RFC 9112 section 2.2: empty lines in front of a request are skipped.
  while (!has_begun_ && consumed < bytes.size() &&
         (bytes[consumed] == '\r' || bytes[consumed] == '\n')) {
    ++consumed;
  }
  bytes.remove_prefix(consumed);
  const bool is_in_chunks = is_header_read_ && chunked();
  if (bytes.size() < (is_in_chunks ? kChunkedRestMin : 1)) return {Progress::NeedsMore, consumed};
  has_begun_ = true;
  error_code error;
  const std::size_t parsed = put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  const std::string_view rest = bytes.substr(parsed);
  consumed += parsed;
  if (error == beast::http::error::need_more) error = {};
  // Beast has no limit of its own for the line in front of a chunk.
  if (!error && rest.size() >= limits_.header_bytes_max && !is_done()) {
    refuse(header_too_large(), error);
  }
  if (!error) return {is_done() ? Progress::Complete : Progress::NeedsMore, consumed};
  if (!problem_) problem_ = problem_of_parser(error, rest);
  return {Progress::Failed, consumed};
}

bool RequestParser::takes_continue_request() {
  return std::exchange(expects_continue_, false) && !is_done();
}

bool RequestParser::keeps_connection() const { return is_http_1_1_ && keep_alive(); }

void RequestParser::on_request_impl(beast::http::verb, string_view method, string_view target,
                                    int version, error_code& error) {
  is_http_1_1_ = version >= 11;
  request_->method = std::string(method);
  target_ = std::string(target);
  if (target.size() > kTargetBytesMax) return refuse(target_too_long(), error);
  if (!read_target(target_, *request_)) {
    return refuse(bad_request("The request target is not a valid path."), error);
  }
  count_header_bytes(method.size() + target.size(), error);
}

void RequestParser::on_field_impl(Field field, string_view name, string_view value,
                                  error_code& error) {
  count_header_bytes(name.size() + value.size(), error);
  // Fields behind a chunked body could change what the header said; nothing here needs them.
  if (error || is_header_read_) return;
  if (field == Field::transfer_encoding && !beast::iequals(value, "chunked")) {
    return refuse(problem_with_status(501, "unsupported_transfer_encoding",
                                      "No transfer encoding but \"chunked\" is understood."),
                  error);
  }
  if (field == Field::host) ++hosts_;
  if (field == Field::expect) expects_continue_ = beast::iequals(value, "100-continue");
  if (request_->headers.size() == kHeadersMax) return refuse(header_too_large(), error);
  request_->headers.emplace_back(std::string(name), std::string(value));
}

void RequestParser::on_header_impl(error_code& error) {
  is_header_read_ = true;
  if (!is_http_1_1_) expects_continue_ = false;
  // RFC 9112 section 6.1: chunks did not exist in HTTP/1.0, so a proxy in between may have framed
  // them differently.
  if (!is_http_1_1_ && chunked()) {
    return refuse(bad_request("HTTP/1.0 has no transfer encodings."), error);
  }
  // RFC 9112 section 3.2: no Host, or more than one, must be answered with 400.
  if (hosts_ > 1 || (is_http_1_1_ && hosts_ == 0)) {
    return refuse(bad_request("A request needs exactly one Host header."), error);
  }
  limit_body(error);
}

/// Only a body that may be larger than usual needs to know its route.
void RequestParser::limit_body(error_code& error) {
  const auto length = content_length();
  if (!chunked() && (!length || *length <= limits_.body_bytes_max)) return;
  if (limits_.router) {
    limits_.body_bytes_max = limits_.router->body_bytes_max(*request_, limits_.body_bytes_max);
  }
  if (length && *length > limits_.body_bytes_max) {
    return refuse(payload_too_large(limits_.body_bytes_max), error);
  }
  body_limit(limits_.body_bytes_max);
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
  // The length is what the client claims; memory is taken as the bytes come.
  constexpr std::size_t kReserveMax = 16 << 10;
  if (length) request_->body.reserve(std::min<std::size_t>(*length, kReserveMax));
}

std::size_t RequestParser::on_body_impl(string_view bytes, error_code&) {
  request_->body.append(bytes.data(), bytes.size());
  return bytes.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t, string_view extensions, error_code& error) {
  if (!extensions.empty()) count_header_bytes(extensions.size(), error);
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view bytes, error_code& error) {
  return on_body_impl(bytes, error);
}

void RequestParser::refuse(Problem problem, error_code& error) {
  problem_ = std::move(problem);
  error = beast::http::error::bad_value;
}

void RequestParser::count_header_bytes(std::size_t bytes, error_code& error) {
  constexpr std::size_t kSeparators = 4;  // ": " and the line's end.
  header_bytes_ += bytes + kSeparators;
  if (header_bytes_ > limits_.header_bytes_max) refuse(header_too_large(), error);
}

Problem RequestParser::problem_of_parser(const error_code& cause, std::string_view unread) const {
  using beast::http::error;
  if (cause == error::body_limit) return payload_too_large(limits_.body_bytes_max);
  if (cause == error::header_limit) return target_.empty() ? target_too_long() : header_too_large();
  if (cause == error::bad_version && names_another_version(unread)) {
    return problem_with_status(505, "version_not_supported",
                               "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
  }
  return bad_request("The request is not well-formed HTTP: " + cause.message() + ".");
}

}  // namespace parley::http
