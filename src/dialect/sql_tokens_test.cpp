#include "dialect/sql_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::dialect {
namespace {

const SqlStyle kPlain{};
const SqlStyle kPostgresql{.more_strings = true};

TEST(CanonicalTokens, KeepsOperatorsThatUsersMade) {
  EXPECT_EQ(canonical_tokens("A@>b AND c ?| d OR e!~*'x'", kPostgresql),
            "a @> b and c ?| d or e !~* 'x'");
  EXPECT_EQ(canonical_tokens("n := - 1", kPostgresql), "n := - 1");
}

TEST(Tokenize, CutsOperatorsAsPostgresqlDoes) {
  const auto operators = [](std::string_view sql) {
    std::vector<std::string> found;
    for (const SqlToken& token : tokenize(sql, kPostgresql)) {
      if (token.kind == SqlToken::Kind::Symbol) found.push_back(token.text);
    }
    return found;
  };
  using testing::ElementsAre;
  EXPECT_THAT(operators("a<=-1"), ElementsAre("<=", "-"));
  EXPECT_THAT(operators("a<->b @>c"), ElementsAre("<->", "@>"));
  EXPECT_THAT(operators("a||b::text"), ElementsAre("||", "::"));
  EXPECT_THAT(operators("count(*)"), ElementsAre("(", "*", ")"));
}

TEST(CanonicalTokens, ReadsPostgresqlsStrings) {
  EXPECT_EQ(canonical_tokens("E'it\\'s\\n'", kPostgresql), "'it''s\n'");
  EXPECT_EQ(canonical_tokens("$$it's$$ || $tag$ $$ $tag$", kPostgresql), "'it''s' || ' $$ '");
}

TEST(Tokenize, KnowsWhereAStringStands) {
  const auto tokens = tokenize("a = $x$y", kPostgresql);
  ASSERT_EQ(tokens.size(), 3U);
  EXPECT_EQ(tokens[2].kind, SqlToken::Kind::String);
  EXPECT_EQ(tokens[2].begin, 4U);
  EXPECT_EQ(tokens[2].end, 8U);
  EXPECT_EQ(tokens[2].text, "y");
  EXPECT_EQ(tokenize("e'a'", kPostgresql).at(0).begin, 0U);
}

TEST(Tokenize, TakesADollarElsewhereForPartOfNothing) {
  EXPECT_EQ(tokenize("$1 + $2", kPostgresql).at(1).kind, SqlToken::Kind::Number);
  EXPECT_EQ(tokenize("e'a'", kPlain).at(0).kind, SqlToken::Kind::Word);
}

}  // namespace
}  // namespace parley::dialect
