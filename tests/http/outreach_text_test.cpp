// Previews of templates, split texts, and the names of variables.

#include "http/outreach_server.h"

namespace parley::test {
namespace {

class TextTest : public testing::Test {
 protected:
  OutreachServer server{TestEngine::Sqlite};

  JsonObject ask(const std::string& path, const std::string& body) {
    return server.ok(200, "POST", outreach_path(path), body);
  }
};

TEST_F(TextTest, ATemplateIsShownAsARecipientGetsIt) {
  EXPECT_EQ(ask("/render", R"({"template": {"name": "W", "subject": "Hi {name}",
              "content": "{company}: {order} {other}", "variables": ["name", "company", "order"]},
              "recipient": {"name": "Ann", "company": "Shop", "order": 17}})"),
            parse_json(R"({"subject": "Hi Ann", "content": "Shop: 17 {other}",
                           "whatsapp_content": "Shop: 17 {other}"})"));
}

TEST_F(TextTest, ATextIsSplit) {
  EXPECT_EQ(ask("/split", R"({"content": "one\n\ntwo"})"),
            parse_json(R"({"parts": ["one", "two"], "truncated": [], "delay_seconds": 1.0})"));
  EXPECT_EQ(ask("/split", R"({"content": "A. B! C", "strategy": "sentence", "max_parts": 2})"),
            parse_json(R"({"parts": ["A.", "B!"], "delay_seconds": 1.0,
                           "truncated": [{"part": 3, "reason": "surplus", "content": "C"}]})"));
  EXPECT_EQ(
      ask("/split", R"({"content": "a--b", "strategy": "custom", "delimiter": "--"})").at("parts"),
      parse_json(R"(["a", "b"])"));
  EXPECT_EQ(ask("/split", R"({"strategy": "manual", "parts": ["x", "y"]})").at("parts"),
            parse_json(R"(["x", "y"])"));
}

TEST_F(TextTest, ColumnsBecomeVariables) {
  EXPECT_EQ(ask("/variables", R"({"columns": ["E-Mail", "2nd", "2ND"],
                                  "sample": [{"E-Mail": "a@b.example", "2nd": 1}]})"),
            parse_json(R"({"variables": [
                {"name": "E-Mail", "variable_name": "e_mail", "data_type": "email"},
                {"name": "2nd", "variable_name": "col_2nd", "data_type": "number"},
                {"name": "2ND", "variable_name": "col_2nd_2", "data_type": "text"}]})"));
}

TEST_F(TextTest, RefusesWhatItCannotRead) {
  const HttpHeaders as_ann{{"X-User-Id", "ann"}};
  play(
      server,
      {{"no recipient",
        "POST",
        outreach_path("/render"),
        "",
        R"({"template": {}})",
        422,
        {"/recipient"},
        {},
        as_ann},
       {"odd variables",
        "POST",
        outreach_path("/render"),
        "",
        R"({"template": {"variables": [1]}, "recipient": {}})",
        422,
        {"/template/variables"},
        {},
        as_ann},
       {"no such strategy",
        "POST",
        outreach_path("/split"),
        "",
        R"({"content": "a", "strategy": "word"})",
        422,
        {"/strategy"},
        {},
        as_ann},
       {"no delimiter",
        "POST",
        outreach_path("/split"),
        "",
        R"({"content": "a", "strategy": "custom"})",
        422,
        {"/delimiter"},
        {},
        as_ann},
       {"nothing", "POST", outreach_path("/split"), "", "{}", 422, {"/content"}, {}, as_ann},
       {"no columns", "POST", outreach_path("/variables"), "", "{}", 422, {"/columns"}, {}, as_ann},
       {"no JSON", "POST", outreach_path("/variables"), "", "{", 400, {}, {}, as_ann}});
}

}  // namespace
}  // namespace parley::test
