#include "database/postgresql/placeholders.h"

#include <gtest/gtest.h>

namespace parley::database {
namespace {

struct Translation {
  std::string_view from;
  std::string_view to;
  int parameters;
};

void expect_translations(const std::vector<Translation>& translations) {
  for (const Translation& translation : translations) {
    const NumberedSql numbered = number_placeholders(translation.from);
    EXPECT_EQ(numbered.sql, translation.to);
    EXPECT_EQ(numbered.parameters, translation.parameters) << translation.from;
  }
}

TEST(Placeholders, AreNumberedInOrder) {
  expect_translations({{"", "", 0},
                       {"SELECT 1", "SELECT 1", 0},
                       {"?", "$1", 1},
                       {"a=? AND b IN (?,?)", "a=$1 AND b IN ($2,$3)", 3},
                       {"?::text||?", "$1::text||$2", 2}});
}

TEST(Placeholders, AreLeftAloneInQuotes) {
  expect_translations({{"'?', ?", "'?', $1", 1},
                       {"'it''s ?', ?", "'it''s ?', $1", 1},
                       {"\"a?\"\"?\" = ?", "\"a?\"\"?\" = $1", 1},
                       {"'back\\', ?", "'back\\', $1", 1},
                       {"E'esc\\'?', ?", "E'esc\\'?', $1", 1},
                       {"e'\\\\', ?", "e'\\\\', $1", 1},
                       {"name'\\', ?", "name'\\', $1", 1}});
}

TEST(Placeholders, AreLeftAloneInDollarQuotes) {
  expect_translations({{"$$ ? $$, ?", "$$ ? $$, $1", 1},
                       {"$f$ ? $$ ? $g$ $f$, ?", "$f$ ? $$ ? $g$ $f$, $1", 1},
                       {"a$b$?", "a$b$$1", 1},
                       {"$1$ ?", "$1$ $1", 1},
                       {"? $", "$1 $", 1}});
}

TEST(Placeholders, AreLeftAloneInComments) {
  expect_translations({{"-- ?\n?", "-- ?\n$1", 1},
                       {"/* ? /* ? */ ? */ ?", "/* ? /* ? */ ? */ $1", 1},
                       {"1 - ? / ? * ?", "1 - $1 / $2 * $3", 3}});
}

TEST(Placeholders, EndsWithTextThatIsNotClosed) {
  expect_translations({{"'?", "'?", 0},
                       {"E'?\\", "E'?\\", 0},
                       {"$a$?", "$a$?", 0},
                       {"/*?", "/*?", 0},
                       {"--?", "--?", 0}});
}

}  // namespace
}  // namespace parley::database
