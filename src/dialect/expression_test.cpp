#include "dialect/expression.h"

#include <gtest/gtest.h>

#include "dialect/mysql/mysql_dialect.h"
#include "dialect/postgresql/postgresql_dialect.h"
#include "dialect/sqlite/sqlite_dialect.h"

namespace parley::dialect {
namespace {

using namespace schema;

Table people() {
  Table table;
  table.name = "people";
  table.columns = {Column{.name = "status", .type = string(20)},
                   Column{.name = "age", .type = integer()},
                   Column{.name = "score", .type = decimal(10, 2)}};
  return table;
}

std::string postgres(std::string_view sql) {
  const Table table = people();
  return canonical_expression(sql, postgresql_style(), &table);
}
std::string maria(std::string_view sql) {
  return canonical_expression(sql, mysql_style(), nullptr);
}

TEST(CanonicalExpression, ReadsWhatPostgresqlMakesOfIn) {
  EXPECT_EQ(
      postgres(
          "(status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])"),
      postgres("status IN ('a', 'b')"));
  EXPECT_EQ(postgres("((status)::text <> ALL ((ARRAY['a'::character varying, 'b'::character "
                     "varying])::text[]))"),
            postgres("status NOT IN ('a','b')"));
  EXPECT_EQ(postgres("age = ANY (ARRAY[1, 2])"), "age IN (1, 2)");
}

TEST(CanonicalExpression, ReadsWhatPostgresqlMakesOfBetweenAndLike) {
  EXPECT_EQ(postgres("((age >= 1) AND (age <= 3))"), postgres("age BETWEEN 1 AND 3"));
  EXPECT_EQ(postgres("((status)::text ~~ 'x%'::text)"), postgres("status LIKE 'x%'"));
  EXPECT_EQ(postgres("((status)::text !~~ 'x%'::text)"), "status NOT LIKE 'x%'");
}

TEST(CanonicalExpression, KeepsACastThatChangesTheValue) {
  EXPECT_EQ(postgres("(score)::text <> 'x'::text"), "CAST(score AS text) <> 'x'");
}

TEST(CanonicalExpression, ReadsWhatMariadbMakesOfNegations) {
  EXPECT_EQ(maria("`age` not between 1 and 3"), maria("NOT (age BETWEEN 1 AND 3)"));
  EXPECT_EQ(maria("`status` is not null"), maria("NOT (status IS NULL)"));
  EXPECT_EQ(maria("`status`  not like 'o\\'x'"), "status NOT LIKE 'o''x'");
  EXPECT_EQ(maria("octet_length(`status`) > 1"), maria("LENGTH(status)>1"));
  EXPECT_EQ(maria("`ok` = 1"), maria("ok = TRUE"));
}

TEST(CanonicalExpression, SetsParenthesesOnlyWhereTheyMatter) {
  EXPECT_EQ(postgres("(((age > 1)) AND ((age < 5)))"), "age > 1 AND age < 5");
  EXPECT_EQ(postgres("(age + 1) * 2 > 3 OR age = 0 AND status = 'x'"),
            "(age + 1) * 2 > 3 OR (age = 0 AND status = 'x')");
  EXPECT_EQ(postgres("age - (1 - 2) = 0"), "age - (1 - 2) = 0");
}

TEST(CanonicalExpression, IsItsOwnCanonicalForm) {
  for (const std::string_view sql :
       {"status IN ('a','b') AND NOT (age = 1 OR age > 3)", "a || 'x' = 'b' AND (c + -1) % 2 = 0",
        "CASE WHEN a THEN 1 ELSE 2 END = 1", "x->>'k' = 'v'", "\"Mixed\" IS NULL",
        "NOT f(a, 'b''c')"}) {
    const std::string once = postgres(sql);
    EXPECT_EQ(postgres(once), once) << sql;
  }
}

TEST(CanonicalExpression, OnlyTidiesWhatItDoesNotUnderstand) {
  EXPECT_EQ(postgres("case  when A then 1 ELSE 2 end"), "case when a then 1 else 2 end");
  EXPECT_EQ(postgres("a = (SELECT"), "a =(select");
}

TEST(DefaultFromSql, TellsLiteralsFromExpressions) {
  const auto of = [](std::string_view sql) { return default_from_sql(sql, postgresql_style()); };
  EXPECT_EQ(of("'pending'::character varying"), Default("pending"));
  EXPECT_EQ(of("'-1'::integer"), Default(Number{"-1"}));
  EXPECT_EQ(of("0.00"), Default(Number{"0"}));
  EXPECT_EQ(of("true"), Default(true));
  EXPECT_EQ(of("now()"), Default(CurrentTimestamp{}));
  EXPECT_EQ(of("NULL::bpchar"), std::nullopt);
  EXPECT_EQ(of(""), std::nullopt);
  EXPECT_EQ(of("(1 + 2)"), Default(Expression{"1 + 2"}));
  EXPECT_EQ(default_from_sql("current_timestamp(6)", mysql_style()), Default(CurrentTimestamp{}));
  EXPECT_EQ(default_from_sql("_utf8mb4'x'", mysql_style()), Default("x"));
  EXPECT_EQ(default_from_sql("datetime('now')", sqlite_style()), Default(CurrentTimestamp{}));
}

TEST(NormalDefault, FollowsTheColumnsType) {
  const auto of = [](Default value, const Type& type) {
    return normal_default(value, type, sqlite_style());
  };
  EXPECT_EQ(of(Number{"0"}, boolean()), Default(false));
  EXPECT_EQ(of("true", boolean()), Default(true));
  EXPECT_EQ(of(false, integer()), Default(Number{"0"}));
  EXPECT_EQ(of("0.00", decimal(10, 2)), Default(Number{"0"}));
  EXPECT_EQ(of(Number{"5"}, string(10)), Default("5"));
  EXPECT_EQ(of("{\"b\": 1, \"a\": [1, 2]}", json()), Default("{\"a\":[1,2],\"b\":1}"));
  EXPECT_EQ(of("2020-01-01", datetime()), Default("2020-01-01 00:00:00"));
  EXPECT_EQ(of(Expression{"CURRENT_TIMESTAMP"}, datetime()), Default(CurrentTimestamp{}));
  EXPECT_EQ(of(Expression{"NULL"}, text()), std::nullopt);
}

TEST(CanonicalNumber, WritesEveryNumberInOneWay) {
  EXPECT_EQ(canonical_number("0.00"), "0");
  EXPECT_EQ(canonical_number("-0"), "0");
  EXPECT_EQ(canonical_number("-.50"), "-0.5");
  EXPECT_EQ(canonical_number("1e10"), "10000000000");
  EXPECT_EQ(canonical_number("12.5E-3"), "0.0125");
  EXPECT_EQ(canonical_number("007"), "7");
  EXPECT_EQ(canonical_number("1.2.3"), std::nullopt);
  EXPECT_EQ(canonical_number("0x1F"), std::nullopt);
  EXPECT_EQ(canonical_number(""), std::nullopt);
  EXPECT_EQ(canonical_number("1e999999"), std::nullopt);
}

}  // namespace
}  // namespace parley::dialect
