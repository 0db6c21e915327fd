#include "chat/sql_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::chat {
namespace {

using testing::HasSubstr;
using testing::Optional;

TEST(SqlGuard, LetsReadingThrough) {
  for (const char* sql : {
           "SELECT 1",
           "  select name from cities where name = 'it''s; fine' ;  ",
           "WITH a AS (SELECT 1) SELECT * FROM a;",
           "-- first\n/* a; b */ SELECT \"a;b\", `c;d` FROM t -- last; one",
           "SELECT data #>> '{a,b}' FROM t",
           "SELECT updated_at, share, outcome FROM t WHERE id > 5 - -2",
           "SELECT '\\d+' , 'DROP TABLE x; outfile' FROM t",
           "SELECT für FROM straße",
           "SELECT a FROM t WHERE b = '#' AND c = '--x' AND d = '$$'",
       }) {
    EXPECT_EQ(refusal_of(sql), std::nullopt) << sql;
  }
}

TEST(SqlGuard, RefusesWhatDoesNotBeginWithReading) {
  for (const char* sql :
       {"INSERT INTO t VALUES (1)", "UPDATE t SET a = 1", "DELETE FROM t", "DROP TABLE t",
        "(SELECT 1)", "EXPLAIN ANALYZE DELETE FROM t", "ATTACH 'x' AS y", "PRAGMA table_info(t)",
        "DO $$x$$", "SET a = 1", "COMMIT", "/* SELECT */ DROP TABLE t", "'SELECT'"}) {
    EXPECT_NE(refusal_of(sql), std::nullopt) << sql;
  }
  EXPECT_THAT(refusal_of("VACUUM"), Optional(HasSubstr("begin with SELECT")));
}

TEST(SqlGuard, RefusesASecondStatement) {
  for (const char* sql : {"SELECT 1; SELECT 2", "SELECT 1; DROP TABLE t;", "SELECT 1;;;COMMIT",
                          "SELECT 1 /* a */ ; -- b\n DELETE FROM t"}) {
    EXPECT_THAT(refusal_of(sql), Optional(HasSubstr("only one statement"))) << sql;
  }
}

TEST(SqlGuard, RefusesWhatCanBeReadInTwoWays) {
  for (const char* sql :
       {"SELECT '\\''; DROP TABLE t; --'", "SELECT '\\', 1 INTO OUTFILE '/tmp/x'",
        "SELECT 1 --1 INTO OUTFILE '/tmp/x'", "SELECT 1 # comment", "SELECT 1 /*! FROM x */",
        "SELECT 1 /*M!100100 FROM x */", "SELECT 1 /* a /* b */ c */", "SELECT $$; DROP TABLE t$$",
        "SELECT $a$; DROP TABLE t$a$", "SELECT 'open", "SELECT \"open", "SELECT /* open",
        "SELECT a$b$ FROM t"}) {
    EXPECT_NE(refusal_of(sql), std::nullopt) << sql;
  }
}

TEST(SqlGuard, RefusesLocksFilesAndPowers) {
  for (const char* sql :
       {"SELECT * FROM t FOR UPDATE", "SELECT * FROM t FOR  /* x */ NO KEY UPDATE",
        "SELECT * FROM t LOCK IN SHARE MODE", "SELECT 1 INTO OUTFILE '/tmp/x'",
        "SELECT \"pg_terminate_backend\"(pid) FROM pg_stat_activity",
        "SELECT * FROM \"dblink\"('', '')", "SELECT `load_file`('/etc/passwd')",
        "SELECT U&\"pg\\005fread_file\"('/etc/passwd')", "SELECT pg_advisory_lock(1)",
        "SELECT LOAD_FILE('/etc/passwd')", "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_catalog.pg_terminate_backend(1)", "SELECT lo_import('/etc/passwd')",
        "SELECT * FROM dblink('x', 'y') AS t(a int)", "SELECT set_config('a', 'b', false)"}) {
    EXPECT_NE(refusal_of(sql), std::nullopt) << sql;
  }
}

TEST(SqlGuard, RefusesNothing) {
  for (const char* sql : {"", "  ", ";", "-- SELECT 1", "/* SELECT 1 */"}) {
    EXPECT_THAT(refusal_of(sql), Optional(HasSubstr("no statement"))) << sql;
  }
  EXPECT_NE(refusal_of("SELECT '" + std::string(70'000, 'x') + "'"), std::nullopt);
  EXPECT_NE(refusal_of(std::string_view("SELECT \0", 8)), std::nullopt);
}

}  // namespace
}  // namespace parley::chat
