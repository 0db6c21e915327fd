#include "schema/convert.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"

namespace parley::schema {
namespace {

template <class T>
T read(Value value) {
  T out{};
  from_value(std::move(value), out);
  return out;
}

Value text_value(std::string text) { return Value(std::move(text)); }

TEST(FromValue, ReadsBooleansInEveryForm) {
  for (const Value& value : {Value(true), Value(std::int64_t{1}), text_value("t"), text_value("1"),
                             text_value("TRUE")}) {
    EXPECT_TRUE(read<bool>(value)) << value.index();
  }
  for (const Value& value : {Value(false), Value(std::int64_t{0}), text_value("f"), text_value("0"),
                             text_value("false")}) {
    EXPECT_FALSE(read<bool>(value)) << value.index();
  }
}

TEST(FromValue, ReadsNumbersFromText) {
  EXPECT_EQ(read<std::int64_t>(text_value("-9223372036854775808")),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(read<std::int64_t>(Value(3.0)), 3);
  EXPECT_EQ(read<double>(text_value("0.25")), 0.25);
  EXPECT_EQ(read<double>(Value(std::int64_t{2})), 2.0);
}

TEST(FromValue, ReadsDecimalsThatCameAsNumbers) {
  EXPECT_EQ(read<std::string>(Value(std::int64_t{12})), "12");
  EXPECT_EQ(read<std::string>(Value(0.5)), "0.5");
}

TEST(FromValue, ReadsJsonFromTextAndBareNumbers) {
  EXPECT_EQ(read<Json>(text_value(R"({"a":[1]})")), parse_json(R"({"a":[1]})"));
  EXPECT_EQ(read<Json>(Value(std::int64_t{5})), Json(5));
}

TEST(FromValue, ReadsBytesFromTextAndBlob) {
  EXPECT_EQ(read<Blob>(text_value("ab")).bytes, "ab");
  EXPECT_EQ(read<Blob>(Value(Blob{"\x01\x02"})).bytes, "\x01\x02");
}

TEST(FromValue, RefusesWhatIsNotTheType) {
  EXPECT_THROW(read<bool>(text_value("perhaps")), Error);
  EXPECT_THROW(read<bool>(Value(Null{})), Error);
  EXPECT_THROW(read<std::int64_t>(text_value("12x")), Error);
  EXPECT_THROW(read<std::int64_t>(text_value("")), Error);
  EXPECT_THROW(read<std::int64_t>(text_value("9223372036854775808")), Error);
  EXPECT_THROW(read<std::int64_t>(Value(0.5)), Error);
  EXPECT_THROW(read<std::int64_t>(Value(9223372036854775808.0)), Error);
  EXPECT_THROW(read<double>(Value(true)), Error);
  EXPECT_THROW(read<std::string>(Value(Null{})), Error);
  EXPECT_THROW(read<Json>(text_value("{")), Error);
  EXPECT_THROW(read<Timestamp>(text_value("0000-00-00 00:00:00")), Error);
}

TEST(FromValue, ShowsNoMoreThanTheStartOfALongText) {
  try {
    read<std::int64_t>(text_value(std::string(500, 'x')));
    FAIL() << "a number was read from letters";
  } catch (const Error& error) {
    EXPECT_LT(std::string(error.what()).size(), 120U);
  }
}

TEST(FromValue, TakesNullOnlyForAnOptional) {
  EXPECT_EQ(read<std::optional<bool>>(Value(Null{})), std::nullopt);
  EXPECT_EQ(read<std::optional<bool>>(Value(true)), true);
  EXPECT_THROW(read<std::optional<bool>>(text_value("perhaps")), Error);
}

TEST(ToValue, GivesWhatEveryEngineReads) {
  EXPECT_EQ(to_value(parse_json(R"({ "a": 1 })")), text_value(R"({"a":1})"));
  EXPECT_EQ(to_value(*parse_timestamp("2025-01-31T09:30:00+02:00")),
            text_value("2025-01-31 07:30:00"));
  EXPECT_EQ(to_value(std::optional<std::int64_t>()), Value(Null{}));
}

}  // namespace
}  // namespace parley::schema
