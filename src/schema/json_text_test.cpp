#include "schema/json_text.h"

#include <gmock/gmock.h>

namespace parley::schema {
namespace {

struct ThingRow {
  std::int64_t id = 7;
  std::string name;
  std::optional<std::string> note;
  std::optional<bool> is_open;
  double weight = 0.5;
  Timestamp at{};
  std::optional<Json> extra;
  std::string secret = "hidden";
};

}  // namespace
}  // namespace parley::schema

template <>
inline constexpr auto parley::schema::declaration<parley::schema::ThingRow> =
    parley::schema::table<parley::schema::ThingRow>(
        "things",
        columns(column<&ThingRow::id>("id", word::integer()).primary_key().wire("thing_id"),
                column<&ThingRow::name>("name", word::text()),
                nullable<&ThingRow::note>("note", word::text()),
                nullable<&ThingRow::is_open>("is_open", word::boolean()).default_to(false),
                column<&ThingRow::weight>("weight", word::double_number()),
                column<&ThingRow::at>("at", word::datetime()),
                nullable<&ThingRow::extra>("extra", word::json()),
                column<&ThingRow::secret>("secret", word::text()).off_wire()));

namespace parley::schema {
namespace {

std::string text_of(const ThingRow& row) {
  std::string text = "{";
  append_json_fields(text, row);
  return text + "}";
}

TEST(JsonText, SaysWhatTheObjectSays) {
  std::string every_byte_below_128;
  for (char c = 0; c < 127; ++c) every_byte_below_128 += c;
  for (const std::string& name : {std::string("plain"), std::string("größer 🙂 \"q\" \\ \n\t"),
                                  every_byte_below_128, std::string()}) {
    ThingRow row{.name = name};
    EXPECT_EQ(parse_json(text_of(row)), Json(to_json_object(row))) << name;
    row.note = name;
    row.is_open = true;
    row.weight = -1e300;
    row.at = parse_timestamp("2025-03-15T10:00:00.000123Z").value();
    row.extra = Json{{"a", {1, nullptr, "x"}}};
    EXPECT_EQ(parse_json(text_of(row)), Json(to_json_object(row))) << name;
    EXPECT_EQ(text_of(row), to_text(to_json_object(row))) << "the same order, too";
  }
}

TEST(JsonText, FieldCanBeReplaced) {
  std::string text = "{";
  append_json_fields(text, ThingRow{.name = "n"}, {"extra", R"({"value":1})"});
  EXPECT_EQ(parse_json(text + "}").at("extra"), parse_json(R"({"value":1})"));
}

}  // namespace
}  // namespace parley::schema
