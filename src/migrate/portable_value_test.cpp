#include "migrate/portable_value.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace parley::migrate {
namespace {

using schema::TypeKind;

Value common(Value value, TypeKind kind, int digits = 6) {
  return comparable(std::move(value), {.kind = kind}, digits, "t", "c");
}

TEST(ComparableValue, IsOneFormOfWhatEnginesHandOut) {
  EXPECT_EQ(common(std::int64_t{1}, TypeKind::Boolean), Value(true));
  EXPECT_EQ(common(std::string("t"), TypeKind::Boolean), Value(true));
  EXPECT_EQ(common(std::string("7"), TypeKind::Integer), Value(std::int64_t{7}));
  EXPECT_EQ(common(std::string("1.50"), TypeKind::Decimal), Value(std::string("1.5")));
  EXPECT_EQ(common(std::string("10"), TypeKind::Decimal), Value(std::string("10")));
  EXPECT_EQ(common(std::string("2.000"), TypeKind::Decimal), Value(std::string("2")));
  EXPECT_EQ(common(std::string("ABCD"), TypeKind::Uuid), Value(std::string("abcd")));
  EXPECT_EQ(common(std::string("ab  "), TypeKind::Char), Value(std::string("ab")));
  EXPECT_EQ(common(std::string("ab  "), TypeKind::Text), Value(std::string("ab  ")));
  EXPECT_EQ(common(Null{}, TypeKind::Json), Value(Null{}));
}

TEST(ComparableValue, OfJsonHasItsKeysInOrder) {
  EXPECT_EQ(common(std::string(R"({"b": [{"d":1,"c":2}], "a": null})"), TypeKind::Json),
            Value(std::string(R"({"a":null,"b":[{"c":2,"d":1}]})")));
}

TEST(ComparableValue, OfATimeIsItsInstantAsFarAsBothKeepIt) {
  const Value here = common(std::string("2025-01-02 03:04:05.678901"), TypeKind::DateTime, 0);
  EXPECT_EQ(here, common(std::string("2025-01-02T03:04:05Z"), TypeKind::DateTime, 0));
  EXPECT_NE(here, common(std::string("2025-01-02 03:04:06"), TypeKind::DateTime, 0));
  EXPECT_EQ(common(std::string("2025-01-02 05:04:05+02"), TypeKind::DateTime),
            common(std::string("2025-01-02 03:04:05"), TypeKind::DateTime));
  EXPECT_EQ(common(std::string("1969-12-31 23:59:59.9"), TypeKind::DateTime, 0),
            common(std::string("1969-12-31 23:59:59"), TypeKind::DateTime, 0))
      << "before 1970, too, what is cut off is the end";
}

TEST(PortableValue, RefusesWhatTheColumnCannotHold) {
  try {
    portable(std::string("soon"), {.kind = TypeKind::DateTime}, "orders", "due");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("orders.due"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace parley::migrate
