#include "http/openapi.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "base/check.h"
#include "base/json_schema.h"
#include "base/text.h"
#include "http/etag.h"

namespace parley::http {
namespace {

constexpr std::string_view kBearer = "bearer";

std::string_view word_of(Parameter::Place place) {
  switch (place) {
    case Parameter::Place::Path: return "path";
    case Parameter::Place::Query: return "query";
    case Parameter::Place::Header: return "header";
  }
  PARLEY_CHECK(false);
  return {};
}

JsonObject content_of(std::string_view content_type, Json schema) {
  JsonObject content;
  content[content_type] = JsonObject{{"schema", std::move(schema)}};
  return content;
}

/// Collects the named schemas while the rest of the document is written.
class Components {
 public:
  /// `value` with every named schema in it put under its name, and a reference in its place.
  Json extracted(const Json& value) {
    if (const auto* list = value.if_array()) {
      json::array items;
      for (const Json& item : *list) items.push_back(extracted(item));
      return items;
    }
    const JsonObject* object = value.if_object();
    if (object == nullptr) return value;
    JsonObject copy;
    for (const auto& [key, member] : *object) copy[key] = extracted(member);
    const Json* title = object->if_contains("title");
    // A field called `title` is a schema, and no text.
    if (title == nullptr || !title->is_string()) return copy;
    return reference_to(title->get_string(), std::move(copy));
  }

  JsonObject schemas() && { return std::move(schemas_); }

 private:
  Json reference_to(std::string_view name, JsonObject schema) {
    if (const Json* known = schemas_.if_contains(name)) PARLEY_CHECK(*known == Json(schema));
    schemas_[name] = std::move(schema);
    return JsonObject{{"$ref", "#/components/schemas/" + std::string(name)}};
  }

  JsonObject schemas_;
};

json::array parameters_of(const Operation& operation, Components& components) {
  json::array list;
  for (const Parameter& each : operation.parameters) {
    JsonObject parameter{{"name", each.name}, {"in", word_of(each.place)}};
    if (!each.meaning.empty()) parameter["description"] = each.meaning;
    if (each.place == Parameter::Place::Path) parameter["required"] = true;
    parameter["schema"] = components.extracted(each.schema);
    list.push_back(std::move(parameter));
  }
  return list;
}

void add_answer(JsonObject& answers, const std::string& status, const Answer& answer,
                Components& components) {
  JsonObject& entry = answers.emplace(status, JsonObject()).first->value().as_object();
  entry["description"] = answer.meaning;
  if (answer.schema.empty()) return;
  JsonObject& content = entry.emplace("content", JsonObject()).first->value().as_object();
  content[answer.content_type] = JsonObject{{"schema", components.extracted(answer.schema)}};
}

JsonObject answers_of(const Operation& operation, Components& components) {
  JsonObject answers;
  for (const Answer& each : operation.answers) {
    add_answer(answers, std::to_string(each.status), each, components);
  }
  Answer problem{.status = 0,
                 .meaning = {},
                 .schema = operation.problem.schema,
                 .content_type = operation.problem.content_type};
  for (const int status : operation.problems) {
    problem.meaning = std::string(reason_of(status));
    add_answer(answers, std::to_string(status), problem, components);
  }
  problem.meaning = "Any other problem: a request that cannot be read, too many of them, a failure.";
  add_answer(answers, "default", problem, components);
  return answers;
}

JsonObject operation_json(const Operation& operation, Components& components) {
  JsonObject object{{"operationId", operation.id},
                    {"summary", operation.summary},
                    {"tags", json::array{operation.tag}}};
  json::array security;
  if (operation.access == Access::Token) {
    JsonObject scheme;
    scheme[kBearer] = json::array();
    security.push_back(std::move(scheme));
  }
  object["security"] = std::move(security);
  if (!operation.parameters.empty()) object["parameters"] = parameters_of(operation, components);
  if (!operation.body.empty()) {
    object["requestBody"] =
        JsonObject{{"required", true},
                   {"content", content_of("application/json",
                                          components.extracted(operation.body))}};
  }
  object["responses"] = answers_of(operation, components);
  return object;
}

JsonObject security_schemes() {
  JsonObject schemes;
  schemes[kBearer] =
      JsonObject{{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}};
  return schemes;
}

/// The document's text, made when it is first asked for.
class Document {
 public:
  Document(const Router& router, ApiInfo info) : router_(router), info_(std::move(info)) {}

  Response answer(const Request& request) {
    std::call_once(is_made_, [this] {
      text_ = to_text(openapi_document(router_, info_));
      tag_ = etag_of({text_});
    });
    if (is_known_to_client(request, tag_)) return not_modified(tag_);
    Response response = Response::of_text(200, text_);
    response.headers = {{"ETag", tag_}, {"Cache-Control", "no-cache"}};
    return response;
  }

 private:
  const Router& router_;
  const ApiInfo info_;
  std::once_flag is_made_;
  std::string text_;
  std::string tag_;
};

}  // namespace

ProblemShape problem_shape() {
  using json_schema::text;
  const JsonObject field_error = json_schema::object(
      {{"pointer", text()}, {"code", text()}, {"message", text()}});
  const JsonObject schema =
      json_schema::object({{"type", text()},
                           {"title", text()},
                           {"status", json_schema::integer(400, 599)},
                           {"code", text()},
                           {"instance", text()},
                           {"detail", text()},
                           {"message", text()},
                           {"errors", json_schema::list_of(field_error), false}});
  return {"application/problem+json", json_schema::named("Problem", schema)};
}

JsonObject openapi_document(const Router& router, const ApiInfo& info) {
  Components components;
  std::set<std::string_view> ids;
  JsonObject paths;
  for (const Route* route : router.routes()) {
    const Operation& operation = route->operation;
    if (operation.id.empty()) continue;
    PARLEY_CHECK(ids.insert(operation.id).second);
    JsonObject& path = paths.emplace(route->pattern, JsonObject()).first->value().as_object();
    path[lower(route->method)] = operation_json(operation, components);
  }
  const JsonObject described{
      {"title", info.title}, {"version", info.version}, {"description", info.description}};
  return {{"openapi", "3.1.0"},
          {"info", described},
          {"servers", json::array{JsonObject{{"url", "/"}}}},
          {"paths", std::move(paths)},
          {"components",
           {{"securitySchemes", security_schemes()},
            {"schemas", std::move(components).schemas()}}}};
}

Route openapi_route(const Router& router, ApiInfo info) {
  const auto document = std::make_shared<Document>(router, std::move(info));
  return {"GET",
          "/openapi.json",
          [document](auto request, const auto& respond) { respond(document->answer(*request)); },
          {.id = "getOpenApiDocument",
           .summary = "This document",
           .tag = "server",
           .access = Access::Public,
           .answers = {{.status = 200,
                        .meaning = "The OpenAPI 3.1 document of this server.",
                        .schema = json_schema::any_object()},
                       {.status = 304, .meaning = "The client has it already (If-None-Match)."}}}};
}

}  // namespace parley::http
