#include "base/json_schema.h"

#include <gtest/gtest.h>

namespace parley::json_schema {
namespace {

const JsonObject kPerson = named(
    "Person", object({{"name", text(20, 1)}, {"age", integer(0, 150)}, optional("note", text())}));

TEST(JsonSchemaParts, ObjectListsItsRequiredFields) {
  EXPECT_EQ(Json(kPerson), parse_json(R"({
    "type": "object",
    "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 20},
                   "age": {"type": "integer", "minimum": 0, "maximum": 150},
                   "note": {"type": ["string", "null"]}},
    "required": ["name", "age"],
    "title": "Person"
  })"));
}

TEST(JsonSchemaParts, FieldTakesThePlaceOfItsNamesake) {
  const JsonObject changed =
      with_fields(kPerson, {{"age", boolean(), false}, {"note", boolean()}, {"more", boolean()}});
  EXPECT_FALSE(changed.contains("title")) << "it is another schema now";
  EXPECT_EQ(changed.at("properties").as_object().size(), 4U);
  EXPECT_EQ(changed.at("properties").at("age"), Json(boolean()));
  EXPECT_EQ(changed.at("required"), (json::array{"name", "note", "more"}));
}

TEST(JsonSchemaParts, OnlyKeepsWhetherAFieldIsRequired) {
  EXPECT_EQ(Json(only(kPerson, {"note", "age"})), parse_json(R"({
    "type": "object",
    "properties": {"note": {"type": ["string", "null"]},
                   "age": {"type": "integer", "minimum": 0, "maximum": 150}},
    "required": ["age"]
  })"));
  EXPECT_DEATH(only(kPerson, {"nothing"}), "");
}

TEST(JsonSchemaParts, NullIsOneOfTheWordsOfANullableOne) {
  const std::string_view sizes[] = {"small", "large"};
  EXPECT_EQ(Json(nullable(words(sizes))),
            parse_json(R"({"type": ["string", "null"], "enum": ["small", "large", null]})"));
  EXPECT_DEATH(nullable(kPerson), "");
}

}  // namespace
}  // namespace parley::json_schema
