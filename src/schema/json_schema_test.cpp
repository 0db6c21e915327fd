#include "schema/json_schema.h"

#include <gmock/gmock.h>

namespace parley::schema {
namespace {

struct PartRow {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::string> note;
  std::optional<bool> is_open;
  double weight = 0;
  std::optional<Timestamp> at;
  std::optional<Json> extra;
  std::string secret;
};

}  // namespace
}  // namespace parley::schema

template <>
inline constexpr auto parley::schema::declaration<parley::schema::PartRow> =
    parley::schema::table<parley::schema::PartRow>(
        "parts", columns(column<&PartRow::id>("id", word::big_integer()).primary_key().wire("part"),
                         column<&PartRow::name>("name", word::string(20)),
                         nullable<&PartRow::note>("note", word::text()),
                         nullable<&PartRow::is_open>("is_open", word::boolean()).default_to(false),
                         column<&PartRow::weight>("weight", word::double_number()),
                         nullable<&PartRow::at>("at", word::datetime()),
                         nullable<&PartRow::extra>("extra", word::json()),
                         column<&PartRow::secret>("secret", word::text()).off_wire()));

namespace parley::schema {
namespace {

TEST(JsonSchema, SaysWhatARowLeavesAs) {
  EXPECT_EQ(Json(json_schema_of<PartRow>()), parse_json(R"({
    "type": "object",
    "properties": {
      "part": {"type": "integer"},
      "name": {"type": "string", "maxLength": 20},
      "note": {"type": ["string", "null"]},
      "is_open": {"type": "boolean"},
      "weight": {"type": "number"},
      "at": {"type": ["string", "null"], "format": "date-time"},
      "extra": {}
    },
    "required": ["part", "name", "note", "is_open", "weight", "at", "extra"]
  })"));
}

TEST(JsonSchema, IntegersHaveTheBoundsOfTheirColumns) {
  EXPECT_EQ(detail::schema_of(TypeKind::Integer, 0).at("maximum"), 2147483647);
  EXPECT_EQ(detail::schema_of(TypeKind::SmallInteger, 0).at("minimum"), -32768);
  EXPECT_FALSE(detail::schema_of(TypeKind::BigInteger, 0).contains("maximum"));
}

}  // namespace
}  // namespace parley::schema
