#include "http/message.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/log.h"
#include "base/text.h"

namespace parley::http {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Reason {
  int status;
  std::string_view phrase;
};

constexpr auto kReasons = std::to_array<Reason>({
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {424, "Failed Dependency"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
});

/// The codes whose messages are written for the caller.
constexpr auto kCallerCodes = std::to_array<ErrorCode>({
    ErrorCode::InvalidArgument,
    ErrorCode::Unauthenticated,
    ErrorCode::Forbidden,
    ErrorCode::NotFound,
    ErrorCode::MethodNotAllowed,
    ErrorCode::Conflict,
    ErrorCode::PayloadTooLarge,
    ErrorCode::Unprocessable,
    ErrorCode::TooManyRequests,
});

bool is_for_caller(ErrorCode code) {
  return std::find(kCallerCodes.begin(), kCallerCodes.end(), code) != kCallerCodes.end();
}

std::string_view find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return {};
}

Problem problem_with(ErrorCode code, std::string detail) {
  const ErrorFacts& facts = facts_of(code);
  Problem problem{facts.http_status, std::string(facts.name), std::move(detail), {}, {}};
  // RFC 9110 section 11.6.1: a 401 says how to authenticate.
  if (problem.status == 401) problem.headers.emplace_back("WWW-Authenticate", "Bearer");
  // Section 10.2.3: what is not to be had for a moment is asked for again in a second.
  if (problem.status == 503) problem.headers.emplace_back("Retry-After", "1");
  return problem;
}

Problem problem_with_public_text(ErrorCode code) {
  return problem_with(code, std::string(facts_of(code).public_text));
}

Problem problem_of_error(const Error& error) {
  return is_for_caller(error.code()) ? problem_with(error.code(), error.what())
                                     : problem_with_public_text(error.code());
}

json::array errors_to_json(const std::vector<FieldError>& errors) {
  json::array list;
  for (const auto& error : errors) {
    list.push_back(
        JsonObject{{"pointer", error.pointer}, {"code", error.code}, {"message", error.message}});
  }
  return list;
}

}  // namespace

std::string_view Request::header(std::string_view name) const { return find_header(headers, name); }

std::string_view Response::header(std::string_view name) const {
  return find_header(headers, name);
}

Response Response::channel(ChannelOffer offer) {
  Response response;
  response.status = offer.kind == ChannelKind::WebSocket ? 101 : 200;
  if (offer.kind == ChannelKind::EventStream) {
    response.content_type = "text/event-stream";
    // The second one is for proxies that would wait for the end of the answer before they hand it
    // on.
    response.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  }
  response.open_channel = std::move(offer);
  return response;
}

Response Response::json(int status, const Json& body) {
  Response response;
  response.status = status;
  response.body = to_text(body);
  return response;
}

Response Response::of_text(int status, std::string json_text) {
  Response response;
  response.status = status;
  response.body = std::move(json_text);
  return response;
}

Problem bad_request(std::string detail) {
  return problem_with(ErrorCode::InvalidArgument, std::move(detail));
}

Problem unauthenticated(std::string detail) {
  return problem_with(ErrorCode::Unauthenticated, std::move(detail));
}

Problem forbidden(std::string detail) {
  return problem_with(ErrorCode::Forbidden, std::move(detail));
}

Problem not_found(std::string detail) {
  return problem_with(ErrorCode::NotFound, std::move(detail));
}

Problem conflict(std::string code, std::string detail) {
  Problem problem = problem_with(ErrorCode::Conflict, std::move(detail));
  problem.code = std::move(code);
  return problem;
}

Problem invalid_field(std::string pointer, std::string code, std::string message) {
  Problem problem = problem_with(ErrorCode::Unprocessable, message);
  problem.errors.push_back({std::move(pointer), std::move(code), std::move(message)});
  return problem;
}

Problem problem_of(std::exception_ptr error) {
  PARLEY_CHECK(error);
  try {
    std::rethrow_exception(error);
  } catch (const Problem& problem) {
    return problem;
  } catch (const Error& known) {
    return problem_of_error(known);
  } catch (...) {
    return problem_with_public_text(ErrorCode::Internal);
  }
}

Problem logged_problem_of(std::exception_ptr error, const Request& request) {
  PARLEY_CHECK(error);
  const auto log_failure = [&request](std::string_view name, std::string_view text) {
    log::error("Request {} {} {} failed: {}: {}", request.id, request.method, request.path, name,
               text);
  };
  try {
    std::rethrow_exception(error);
  } catch (const Problem&) {
  } catch (const Error& known) {
    if (!is_for_caller(known.code())) log_failure(facts_of(known.code()).name, known.what());
  } catch (const std::exception& unknown) {
    log_failure("exception", unknown.what());
  } catch (...) {
    log_failure("exception", "of an unknown type");
  }
  return problem_of(error);
}

std::string_view reason_of(int status) {
  for (const auto& reason : kReasons) {
    if (reason.status == status) return reason.phrase;
  }
  return "Unknown";
}

JsonObject to_json(const Problem& problem, std::string_view instance) {
  JsonObject object{{"type", "about:blank"},    {"title", reason_of(problem.status)},
                    {"status", problem.status}, {"code", problem.code},
                    {"instance", instance},     {"detail", problem.detail},
                    {"message", problem.detail}};
  if (!problem.errors.empty()) object["errors"] = errors_to_json(problem.errors);
  return object;
}

}  // namespace parley::http
