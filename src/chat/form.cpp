#include "chat/form.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "http/target.h"

namespace parley::chat {
namespace {

std::optional<std::string> in_urlencoded(const std::string& body, std::string_view name) {
  http::Request form;
  if (!http::read_target("/?" + body, form)) return std::nullopt;
  const auto found = form.query.find(std::string(name));
  return found == form.query.end() ? std::nullopt : std::optional(found->second);
}

/// The boundary of `multipart/form-data; boundary=…` (RFC 7578, RFC 2046 section 5.1.1).
std::string boundary_of(std::string_view content_type) {
  constexpr std::string_view kParameter = "boundary=";
  const auto begin = lower(content_type).find(kParameter);
  if (begin == std::string::npos) return {};
  std::string_view value = content_type.substr(begin + kParameter.size());
  if (value.starts_with('"')) return std::string(value.substr(1, value.find('"', 1) - 1));
  return std::string(trim(value.substr(0, value.find(';'))));
}

/// The content of a part whose headers say that it is this field.
std::optional<std::string> content_of_part(std::string_view part, std::string_view name) {
  const auto end_of_headers = part.find("\r\n\r\n");
  if (end_of_headers == std::string_view::npos) return std::nullopt;
  const std::string_view headers = part.substr(0, end_of_headers);
  const bool is_it = headers.find(fmt::format("name=\"{}\"", name)) != std::string_view::npos ||
                     headers.find(fmt::format("name={}\r\n", name)) != std::string_view::npos ||
                     headers.ends_with(fmt::format("name={}", name));
  if (!is_it) return std::nullopt;
  std::string_view content = part.substr(end_of_headers + 4);
  if (content.ends_with("\r\n")) content.remove_suffix(2);
  return std::string(content);
}

std::optional<std::string> in_multipart(std::string_view body, const std::string& boundary,
                                        std::string_view name) {
  if (boundary.empty()) return std::nullopt;
  const std::string delimiter = "--" + boundary;
  std::size_t begin = body.find(delimiter);
  while (begin != std::string_view::npos) {
    begin += delimiter.size();
    const std::size_t end = body.find(delimiter, begin);
    if (end == std::string_view::npos) return std::nullopt;
    if (auto content = content_of_part(body.substr(begin, end - begin), name)) return content;
    begin = end;
  }
  return std::nullopt;
}

std::optional<std::string> in_json(std::string_view body, std::string_view name) {
  boost::system::error_code error;
  const Json parsed = json::parse(body, error);
  if (error || !parsed.is_object()) return std::nullopt;
  const Json* value = parsed.get_object().if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

}  // namespace

std::optional<std::string> form_field(const http::Request& request, std::string_view name) {
  const std::string_view type = request.header("Content-Type");
  const std::string kind = lower(trim(type.substr(0, type.find(';'))));
  std::optional<std::string> found;
  if (kind == "application/x-www-form-urlencoded") {
    found = in_urlencoded(request.body, name);
  } else if (kind == "multipart/form-data") {
    found = in_multipart(request.body, boundary_of(type), name);
  } else {
    found = in_json(request.body, name);
  }
  if (found) return found;
  const auto in_query = request.query.find(std::string(name));
  return in_query == request.query.end() ? std::nullopt : std::optional(in_query->second);
}

}  // namespace parley::chat
