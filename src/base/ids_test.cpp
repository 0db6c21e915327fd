#include "base/ids.h"

#include <gtest/gtest.h>

#include <set>

namespace parley {
namespace {

TEST(Uuid, IsVersionFourInLowerCase) {
  for (int i = 0; i < 100; ++i) {
    const std::string id = make_uuid();
    ASSERT_TRUE(is_uuid(id)) << id;
    EXPECT_EQ(id[14], '4') << id;
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
    EXPECT_EQ(id.find_first_of("ABCDEF"), std::string::npos) << id;
  }
}

TEST(Uuid, IsNewEveryTime) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(make_uuid());
  EXPECT_EQ(ids.size(), 1000U);
}

TEST(UuidAt, IsVersionSevenAndSortsByTime) {
  const Timestamp now = parse_timestamp("2025-03-15T10:00:00.123Z").value();
  const std::string id = make_uuid_at(now);
  EXPECT_TRUE(is_uuid(id)) << id;
  EXPECT_EQ(id.substr(0, 15), "0195993f-097b-7") << id;
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
  EXPECT_LT(id, make_uuid_at(now + std::chrono::milliseconds(1)));
  EXPECT_NE(id, make_uuid_at(now));
}

TEST(UuidText, IsRecognisedInEitherLetterCase) {
  EXPECT_TRUE(is_uuid("F81D4FAE-7dec-11d0-a765-00a0c91e6bf6"));
  EXPECT_TRUE(is_uuid("00000000-0000-0000-0000-000000000000"));
}

TEST(UuidText, IsNothingElse) {
  for (const char* text :
       {"", "f81d4fae7dec11d0a76500a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf66", "g81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "f81d4fa-e7dec-11d0-a765-00a0c91e6bf6", "{81d4fae-7dec-11d0-a765-00a0c91e6bf}"}) {
    EXPECT_FALSE(is_uuid(text)) << text;
  }
}

TEST(RandomHex, HasTwoDigitsPerByte) {
  EXPECT_EQ(random_hex(0), "");
  EXPECT_EQ(random_hex(32).size(), 64U);
  EXPECT_EQ(random_hex(1000).find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(random_hex(32), random_hex(32));
}

}  // namespace
}  // namespace parley
