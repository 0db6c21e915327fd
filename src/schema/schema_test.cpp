#include "schema/schema.h"

#include <gtest/gtest.h>

namespace parley::schema {
namespace {

TEST(SchemaLookup, FindsByExactName) {
  Schema schema{.tables = {{.name = "users",
                            .columns = {{.name = "id", .type = integer()}},
                            .indexes = {{.name = "ix_id", .parts = {{.column = "id"}}}}}}};
  ASSERT_NE(schema.find_table("users"), nullptr);
  EXPECT_EQ(schema.find_table("Users"), nullptr);
  EXPECT_EQ(schema.find_table(""), nullptr);
  Table& users = schema.tables.front();
  EXPECT_EQ(users.find_column("id"), users.columns.data());
  EXPECT_EQ(users.find_column("i"), nullptr);
  EXPECT_EQ(users.find_index("ix_id"), users.indexes.data());
  EXPECT_EQ(users.find_index("ix"), nullptr);
}

TEST(TypeWords, SetWhatTheyAreNamedAfter) {
  EXPECT_EQ(string(36), (Type{.kind = TypeKind::String, .length = 36}));
  EXPECT_EQ(character(2), (Type{.kind = TypeKind::Char, .length = 2}));
  EXPECT_EQ(binary(), (Type{.kind = TypeKind::Binary}));
  EXPECT_EQ(decimal(10, 2), (Type{.kind = TypeKind::Decimal, .precision = 10, .scale = 2}));
  EXPECT_EQ(datetime_with_time_zone(), (Type{.kind = TypeKind::DateTime, .with_time_zone = true}));
  EXPECT_EQ(native("tsvector"), (Type{.kind = TypeKind::Native, .native = "tsvector"}));
  EXPECT_NE(datetime(), datetime_with_time_zone());
}

}  // namespace
}  // namespace parley::schema
