#include "http/openapi.h"

#include <gmock/gmock.h>

#include "base/json_schema.h"

namespace parley::http {
namespace {

class OpenApiDocument : public testing::Test {
 protected:
  static void nothing(const std::shared_ptr<Request>&, const Responder&) {}

  void add(std::string method, std::string pattern, Operation operation) {
    router.add_group("", {{std::move(method), std::move(pattern), nothing, std::move(operation)}});
  }
  Json document() const {
    return openapi_document(router, {.title = "Shop", .version = "1.2", .description = "Sells."});
  }
  Response get(const Route& route, std::vector<std::pair<std::string, std::string>> headers = {}) const {
    const auto request = std::make_shared<Request>();
    request->method = "GET";
    request->headers = std::move(headers);
    Response answered;
    route.handler(request, [&answered](Response response) { answered = std::move(response); });
    return answered;
  }

  Router router;
  const JsonObject part = json_schema::named("Part", json_schema::object({{"title", json_schema::text()}}));
};

TEST_F(OpenApiDocument, DescribesARoute) {
  add("POST", "/parts/{id}",
      {.id = "changePart",
       .summary = "Change a part",
       .tag = "parts",
       .parameters = {{.place = Parameter::Place::Path,
                       .name = "id",
                       .schema = json_schema::integer()}},
       .body = part,
       .answers = {{200, "The part.", part}, {204, "Nothing."}},
       .problems = {404}});
  const Json made = document();
  EXPECT_EQ(made.at("openapi"), "3.1.0");
  EXPECT_EQ(made.at("info"),
            parse_json(R"({"title":"Shop","version":"1.2","description":"Sells."})"));
  const Json& operation = made.at("paths").at("/parts/{id}").at("post");
  EXPECT_EQ(operation.at("operationId"), "changePart");
  EXPECT_EQ(operation.at("security"), parse_json(R"([{"bearer":[]}])"));
  EXPECT_EQ(
      operation.at("parameters"),
      parse_json(R"([{"name":"id","in":"path","required":true,"schema":{"type":"integer"}}])"));
  EXPECT_EQ(operation.at("requestBody"), parse_json(R"({"required":true,"content":
      {"application/json":{"schema":{"$ref":"#/components/schemas/Part"}}}})"));
  EXPECT_EQ(operation.at("responses").at("200"), parse_json(R"({"description":"The part.","content":
      {"application/json":{"schema":{"$ref":"#/components/schemas/Part"}}}})"));
  EXPECT_EQ(operation.at("responses").at("204"), parse_json(R"({"description":"Nothing."})"));
  EXPECT_EQ(operation.at("responses").at("404"), parse_json(R"({"description":"Not Found","content":
      {"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}})"));
  EXPECT_TRUE(operation.at("responses").as_object().contains("default"));
}

TEST_F(OpenApiDocument, HasANamedSchemaOnce) {
  add("GET", "/parts",
      {.id = "listParts", .summary = "All", .tag = "parts", .answers = {{200, "All.", json_schema::list_of(part)}}});
  EXPECT_EQ(document().at("components").at("schemas").at("Part"),
            parse_json(R"({"type":"object","properties":{"title":{"type":"string"}},
                           "required":["title"],"title":"Part"})"))
      << "a field called title is none";
}

TEST_F(OpenApiDocument, RefusesTwoSchemasOfOneName) {
  add("GET", "/parts",
      {.id = "listParts",
       .summary = "All",
       .tag = "parts",
       .body = part,
       .answers = {{200, "All.", json_schema::named("Part", json_schema::any_object())}}});
  EXPECT_DEATH(document(), "");
}

TEST_F(OpenApiDocument, LeavesOutARouteWithoutAnOperation) {
  router.add_group("", {{"GET", "/hidden", nothing}});
  EXPECT_EQ(document().at("paths"), Json(JsonObject()));
}

TEST_F(OpenApiDocument, IsServedWithATag) {
  router.add_group("/openapi.json", {openapi_route(router, {"Shop", "1.2", ""})});
  const Route& route = *router.routes().front();
  const Response first = get(route);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.content_type, "application/json");
  EXPECT_TRUE(parse_json(first.body).at("paths").as_object().contains("/openapi.json"));
  const Response again = get(route, {{"If-None-Match", std::string(first.header("ETag"))}});
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
}

}  // namespace
}  // namespace parley::http
