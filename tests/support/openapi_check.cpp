#include "support/openapi_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "support/json_schema_check.h"

namespace parley::test {
namespace {

using Mistakes = std::vector<std::string>;

/// What the parser and a server in trouble answer on any path.
constexpr int kAnywhere[] = {400, 408, 413, 431, 500};

const Json* find(const JsonObject& object, std::string_view name) {
  return object.if_contains(name);
}

bool has_text(const JsonObject& object, std::string_view name) {
  const Json* value = find(object, name);
  return value && value->is_string() && !value->get_string().empty();
}

bool is_parameter(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

/// How many segments of `pattern` are the very words of `path`; -1 when it does not fit.
int fit(std::string_view pattern, std::string_view path) {
  const auto wanted = split(pattern, '/');
  const auto given = split(path, '/');
  if (wanted.size() != given.size()) return -1;
  int words = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == given[i]) {
      ++words;
    } else if (!is_parameter(wanted[i]) || given[i].empty()) {
      return -1;
    }
  }
  return words;
}

/// The names of an operation's parameters in one place.
std::set<std::string> parameters_in(const JsonObject& operation, std::string_view place) {
  std::set<std::string> names;
  const Json* parameters = find(operation, "parameters");
  if (parameters == nullptr) return names;
  for (const Json& each : parameters->as_array()) {
    if (each.at("in") == Json(place)) names.emplace(each.at("name").as_string());
  }
  return names;
}

void check_references(const Json& document, const Json& value, Mistakes& mistakes) {
  if (const auto* list = value.if_array()) {
    for (const Json& item : *list) check_references(document, item, mistakes);
  }
  const JsonObject* object = value.if_object();
  if (object == nullptr) return;
  for (const auto& [key, member] : *object) {
    if (key == "$ref" && resolve(document, member.as_string()) == nullptr)
      mistakes.push_back("dangling " + to_text(member));
    check_references(document, member, mistakes);
  }
}

void check_parameters(const std::string& path, const JsonObject& operation, Mistakes& mistakes) {
  std::set<std::string> in_path;
  for (const std::string& segment : split(path, '/')) {
    if (is_parameter(segment)) in_path.insert(segment.substr(1, segment.size() - 2));
  }
  if (parameters_in(operation, "path") != in_path) mistakes.push_back("its path parameters differ");
  const Json* parameters = find(operation, "parameters");
  if (parameters == nullptr) return;
  std::set<std::string> seen;
  for (const Json& each : parameters->as_array()) {
    const JsonObject& parameter = each.as_object();
    const bool is_in_path = parameter.at("in") == Json("path");
    if (!has_text(parameter, "name") || !parameter.contains("schema") ||
        (is_in_path && (!parameter.contains("required") || parameter.at("required") != Json(true))))
      mistakes.push_back("wrong parameter " + to_text(each));
    if (!seen.insert(to_text(parameter.at("in")) + to_text(parameter.at("name"))).second)
      mistakes.push_back("a parameter twice: " + to_text(each));
  }
}

void check_operation(const Json& document, const std::string& path, const JsonObject& operation,
                     std::set<std::string>& ids, Mistakes& mistakes) {
  if (!has_text(operation, "operationId") || !has_text(operation, "summary") ||
      !ids.emplace(operation.at("operationId").as_string()).second)
    mistakes.push_back("no operationId of its own, or no summary");
  check_parameters(path, operation, mistakes);
  for (const Json& each : operation.at("security").as_array()) {
    for (const auto& [scheme, _] : each.as_object()) {
      if (!resolve(document, "#/components/securitySchemes/" + std::string(scheme)))
        mistakes.push_back("unknown security scheme " + std::string(scheme));
    }
  }
  const JsonObject& responses = operation.at("responses").as_object();
  if (responses.size() < 2 || !responses.contains("default"))
    mistakes.push_back("too few responses");
  for (const auto& [status, response] : responses) {
    if (!has_text(response.as_object(), "description"))
      mistakes.push_back(std::string(status) + " without description");
  }
}

void check_body(const Json& document, const JsonObject& response, const HttpAnswer& answer,
                Mistakes& mistakes) {
  const Json* content = find(response, "content");
  if (content == nullptr) {
    if (!answer.body.empty()) mistakes.push_back("a body that is not described");
    return;
  }
  const std::string content_type = answer.header("Content-Type");
  const std::string_view kind =
      trim(std::string_view(content_type).substr(0, content_type.find(';')));
  const Json* media = content->as_object().if_contains(kind);
  if (media == nullptr) return mistakes.push_back("content type " + content_type);
  // A line of NDJSON is JSON; all of them are not.
  if (!kind.ends_with("json") || kind.ends_with("ndjson")) return;
  for (const std::string& each :
       schema_mismatches(document, media->at("schema"), answer.json(), UnknownFields::Refused))
    mistakes.push_back(each);
}

/// What a request that succeeded should not have been.
void check_request(const Json& document, const JsonObject& operation, std::string_view query,
                   std::string_view body, Mistakes& mistakes) {
  const std::set<std::string> described = parameters_in(operation, "query");
  for (const std::string& pair : split(query, '&')) {
    const std::string name = pair.substr(0, pair.find('='));
    if (!name.empty() && !described.contains(name))
      mistakes.push_back("the query's " + name + " is not described");
  }
  const Json* request = find(operation, "requestBody");
  if (request == nullptr) return;
  const Json& schema = request->at("content").at("application/json").at("schema");
  // A module may read no bytes as an object without fields, or as nothing at all.
  const Json nothing;
  const bool may_be_nothing =
      body.empty() && schema_mismatches(document, schema, nothing, UnknownFields::Allowed).empty();
  if (may_be_nothing) return;
  const Json given = parse_json(body.empty() ? "{}" : body);
  for (const std::string& each : schema_mismatches(document, schema, given, UnknownFields::Allowed))
    mistakes.push_back("of the request: " + each);
}

/// What stands under the path or method that the document does not have.
Mistakes unknown_mismatches(const Json& document, const HttpAnswer& answer) {
  if (answer.status != 404 && answer.status != 405) return {"neither path nor method is described"};
  if (answer.body.empty()) return {};  // It answers a HEAD.
  return schema_mismatches(document, document.at("components").at("schemas").at("Problem"),
                           answer.json(), UnknownFields::Allowed);
}

const JsonObject* response_of(const JsonObject& operation, int status) {
  const JsonObject& responses = operation.at("responses").as_object();
  if (const Json* exact = find(responses, std::to_string(status))) return &exact->as_object();
  if (std::ranges::count(kAnywhere, status) == 0) return nullptr;
  return &responses.at("default").as_object();
}

}  // namespace

const JsonObject& OpenApiCheck::paths() const { return document_.at("paths").as_object(); }

std::vector<std::string> OpenApiCheck::mistakes() const {
  Mistakes mistakes;
  const JsonObject& document = document_.as_object();
  if (!has_text(document, "openapi") || !document.at("openapi").as_string().starts_with("3.1."))
    mistakes.push_back("it is no OpenAPI 3.1 document");
  const JsonObject& described = document.at("info").as_object();
  if (!has_text(described, "title") || !has_text(described, "version"))
    mistakes.push_back("the document has no title or no version");
  std::set<std::string> ids;
  for (const auto& [path, item] : paths()) {
    if (!path.starts_with('/')) mistakes.push_back("the path does not begin with /");
    for (const auto& [method, operation] : item.as_object()) {
      Mistakes found;
      check_operation(document_, path, operation.as_object(), ids, found);
      for (const std::string& each : found)
        mistakes.push_back(
            fmt::format("{} {}: {}", std::string_view(method), std::string_view(path), each));
    }
  }
  check_references(document_, document_, mistakes);
  return mistakes;
}

std::vector<std::string> OpenApiCheck::operations() const {
  std::vector<std::string> list;
  for (const auto& [path, item] : paths()) {
    for (const auto& [method, _] : item.as_object())
      list.push_back(upper(method) + ' ' + std::string(path));
  }
  std::ranges::sort(list);
  return list;
}

const JsonObject* OpenApiCheck::path_item(std::string_view path) const {
  const JsonObject* best = nullptr;
  int best_fit = -1;
  for (const auto& [pattern, item] : paths()) {
    const int words = fit(pattern, path);
    if (words <= best_fit) continue;
    best_fit = words;
    best = &item.as_object();
  }
  return best;
}

std::vector<std::string> OpenApiCheck::mismatches(std::string_view method, std::string_view target,
                                                  std::string_view body,
                                                  const HttpAnswer& answer) const {
  const std::string_view path = target.substr(0, target.find('?'));
  const std::string_view query = target.substr(std::min(target.size(), path.size() + 1));
  const JsonObject* item = path_item(path);
  const bool is_head = method == "HEAD";
  const Json* described = item ? find(*item, is_head ? "get" : lower(method)) : nullptr;
  const bool is_served = answer.status != 404 && answer.status != 405;
  if (described == nullptr && is_served && path.size() > 1 && path.ends_with('/')) {
    // A group of routes may ignore the slash, and describes the path without it.
    const std::string plain = fmt::format("{}?{}", path.substr(0, path.size() - 1), query);
    return mismatches(method, plain, body, answer);
  }
  if (described == nullptr) return unknown_mismatches(document_, answer);
  const JsonObject& operation = described->as_object();
  const JsonObject* response = response_of(operation, answer.status);
  if (response == nullptr) return {fmt::format("status {} is not described", answer.status)};
  Mistakes mistakes;
  if (!is_head) check_body(document_, *response, answer, mistakes);
  if (answer.status < 300) check_request(document_, operation, query, body, mistakes);
  return mistakes;
}

}  // namespace parley::test
