// The document of the API. That every answer is as it says is checked by `LiveAgentServer::call`,
// in every scenario of every suite; here stands that this check can fail.

#include "http/openapi.h"

#include "http/live_agent_server.h"
#include "support/json_schema_check.h"

namespace parley::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OpenApi : public testing::Test {
 protected:
  std::vector<std::string> mismatches(const Json& schema, const Json& value,
                                      UnknownFields unknown = UnknownFields::Refused) const {
    return schema_mismatches(document, schema, value, unknown);
  }
  HttpAnswer answer(int status, std::string_view body) const {
    return {.status = status,
            .headers = {{"Content-Type", "application/json"}},
            .body = std::string(body)};
  }

  LiveAgentServer server{all_engines().front()};
  const std::string ann = server.user_token("ann@x");
  const Json document = parse_json(R"({"a":{"b":{"type":"integer"}}})");
};

TEST_F(OpenApi, DocumentIsWellFormed) { EXPECT_THAT(server.api().mistakes(), IsEmpty()); }

TEST_F(OpenApi, DocumentHasEveryRouteAndNothingElse) {
  std::vector<std::string> routes;
  for (const http::Route* route : server.router().routes())
    routes.push_back(route->method + ' ' + route->pattern);
  std::ranges::sort(routes);
  EXPECT_EQ(server.api().operations(), routes);
}

TEST_F(OpenApi, SchemasOfRowsComeFromTheirDeclarations) {
  const JsonObject made = http::openapi_document(server.router(), {"Parley", "1", ""});
  const JsonObject& schemas = made.at("components").at("schemas").as_object();
  const Json& message = schemas.at("Message").at("properties");
  EXPECT_EQ(message.at("message_id").at("type"), "integer");
  EXPECT_EQ(message.at("sender_name").at("maxLength"), 255);
  EXPECT_EQ(message.at("read_at").at("type"), (json::array{"string", "null"}));
  EXPECT_EQ(message.at("read_by_user").at("type"), "boolean") << "NULL leaves as false";
  EXPECT_EQ(schemas.at("Session").at("properties").at("status").at("enum"),
            (json::array{"pending", "active", "resolved", "closed"}));
  EXPECT_FALSE(schemas.at("Profile").at("properties").as_object().contains("password_hash"));
}

TEST_F(OpenApi, AnswerIsRefusedThatTheDocumentDoesNotDescribe) {
  const std::string path = live_agent("/sessions");
  const auto mismatches_of = [&](const HttpAnswer& given) {
    return server.api().mismatches("GET", path, "", given);
  };
  EXPECT_THAT(mismatches_of(answer(200, R"({"sessions":[],"total":0,"page":1,"per_page":20})")),
              IsEmpty());
  EXPECT_THAT(mismatches_of(answer(200, R"({"sessions":[],"total":0,"page":1})")),
              ElementsAre("/: lacks \"per_page\""));
  EXPECT_THAT(
      mismatches_of(answer(200, R"({"sessions":[],"total":0,"page":1,"per_page":20,"more":1})")),
      ElementsAre("/more: is not described"));
  EXPECT_THAT(mismatches_of(answer(418, "{}")), ElementsAre("status 418 is not described"));
  HttpAnswer text = answer(200, "text");
  text.headers = {{"Content-Type", "text/plain"}};
  EXPECT_THAT(mismatches_of(text), ElementsAre("content type text/plain"));
}

TEST_F(OpenApi, RequestThatSucceededMustHaveBeenDescribed) {
  const HttpAnswer opened =
      server.call("POST", live_agent("/sessions"), ann, R"({"initial_message":"Hello"})");
  EXPECT_THAT(server.api().mismatches("POST", live_agent("/sessions"), "{}", opened),
              ElementsAre("of the request: /: lacks \"initial_message\""));
  EXPECT_THAT(server.api().mismatches("POST", live_agent("/sessions?x=1"),
                                      R"({"initial_message":"Hello"})", opened),
              ElementsAre("the query's x is not described"));
}

TEST_F(OpenApi, PathThatIsNotDescribedIsNotAnswered) {
  EXPECT_THAT(server.api().mismatches("GET", "/nowhere", "", answer(200, "{}")),
              ElementsAre(HasSubstr("neither path nor method")));
  EXPECT_EQ(server.call("GET", "/nowhere", "").status, 404);
  EXPECT_EQ(server.call("DELETE", live_agent("/sessions"), ann).status, 405);
}

TEST_F(OpenApi, EventsAndTheWebSocketAreDescribed) {
  server.open_session(ann);
  const std::string cursor =
      std::string(server.ok(200, "GET", "/api/v1/events", ann).at("cursor").as_string());
  server.open_session(ann);
  const JsonObject page = server.ok(200, "GET", "/api/v1/events?limit=5&after=" + cursor, ann);
  EXPECT_EQ(page.at("events").as_array().size(), 2U) << "the session and its first message";
  EXPECT_EQ(server.call("GET", "/api/v1/events", "").status, 401);
  EXPECT_EQ(server.call("GET", "/api/v1/events?limit=0", ann).status, 422);
  EXPECT_EQ(server.call("GET", "/api/v1/stream", ann).status, 426);
}

TEST_F(OpenApi, SchemaCheckKnowsEveryKeyword) {
  const auto fails = [&](std::string_view schema, std::string_view value) {
    return !mismatches(parse_json(schema), parse_json(value)).empty();
  };
  EXPECT_TRUE(fails(R"({"type":"string"})", "1"));
  EXPECT_TRUE(fails(R"({"type":["string","null"]})", "true"));
  EXPECT_FALSE(fails(R"({"type":["string","null"]})", "null"));
  EXPECT_TRUE(fails(R"({"type":"integer"})", "1.5"));
  EXPECT_TRUE(fails(R"({"enum":["a","b"]})", R"("c")"));
  EXPECT_TRUE(fails(R"({"const":true})", "false"));
  EXPECT_TRUE(fails(R"({"minLength":2})", R"("ü")")) << "characters, and not bytes";
  EXPECT_TRUE(fails(R"({"maxLength":1})", R"("ab")"));
  EXPECT_TRUE(fails(R"({"minimum":1})", "0"));
  EXPECT_TRUE(fails(R"({"maximum":1})", "2"));
  EXPECT_TRUE(fails(R"({"items":{"type":"string"}})", R"(["a",1])"));
  EXPECT_TRUE(fails(R"({"required":["a"]})", "{}"));
  EXPECT_TRUE(fails(R"({"properties":{"a":{"type":"string"}}})", R"({"a":1})"));
  EXPECT_TRUE(fails(R"({"properties":{}})", R"({"a":1})"));
  EXPECT_TRUE(fails(R"({"additionalProperties":{"type":"string"}})", R"({"a":1})"));
  EXPECT_TRUE(fails(R"({"additionalProperties":false})", R"({"a":1})"));
  EXPECT_TRUE(fails(R"({"anyOf":[{"const":1},{"const":2}]})", "3"));
  EXPECT_TRUE(fails(R"({"oneOf":[{"type":"integer"},{"const":2}]})", "2"));
  EXPECT_TRUE(fails(R"({"$ref":"#/a/b"})", R"("text")"));
  EXPECT_FALSE(fails(R"({"$ref":"#/a/b"})", "1"));
  EXPECT_TRUE(fails(R"({"$ref":"#/a/c"})", "1"));
  EXPECT_TRUE(fails(R"({"pattern":"a"})", "1")) << "a keyword that is not checked";
  EXPECT_THAT(mismatches(parse_json(R"({"properties":{}})"), parse_json(R"({"a":1})"),
                         UnknownFields::Allowed),
              IsEmpty());
}

}  // namespace
}  // namespace parley::test
