#include "database/url.h"

#include <gtest/gtest.h>

#include "support/errors.h"

namespace parley::database {
namespace {

struct Reading {
  std::string_view text;
  Url url;
};

Url server(Engine engine, std::string user, std::string password, std::string host, int port,
           std::string database, std::map<std::string, std::string> options = {}) {
  return {engine, std::move(user),     std::move(password), std::move(host),
          port,   std::move(database), std::move(options)};
}

void expect_readings(const std::vector<Reading>& readings) {
  for (const Reading& reading : readings) {
    EXPECT_EQ(Url::parse(reading.text), reading.url) << reading.text;
  }
}

TEST(UrlParse, ReadsTheFormsOfSqlite) {
  expect_readings({{"sqlite:///relative/file.db", Url::sqlite_file("relative/file.db")},
                   {"sqlite:////absolute/file.db", Url::sqlite_file("/absolute/file.db")},
                   {"sqlite:///with space 100%.db", Url::sqlite_file("with space 100%.db")},
                   {"sqlite://", Url::sqlite_file(":memory:")},
                   {"sqlite:///", Url::sqlite_file(":memory:")},
                   {"sqlite:///:memory:", Url::sqlite_file(":memory:")},
                   {"sqlite+aiosqlite:///x.db", Url::sqlite_file("x.db")}});
  EXPECT_EQ(Url::parse("sqlite:///x.db?mode=ro").options.at("mode"), "ro");
}

TEST(UrlParse, ReadsServers) {
  expect_readings(
      {{"postgresql://u:p@db.example:5433/app",
        server(Engine::Postgresql, "u", "p", "db.example", 5433, "app")},
       {"postgres://u@h/app", server(Engine::Postgresql, "u", "", "h", 0, "app")},
       {"postgresql:///app", server(Engine::Postgresql, "", "", "", 0, "app")},
       {"mysql://u@h:3307", server(Engine::Mysql, "u", "", "h", 3307, "")},
       {"mariadb://u@[::1]:3306/app", server(Engine::Mysql, "u", "", "::1", 3306, "app")},
       {"mysql://u@[::1]/app", server(Engine::Mysql, "u", "", "::1", 0, "app")},
       {" MySQL://u@h/app\n", server(Engine::Mysql, "u", "", "h", 0, "app")}});
}

TEST(UrlParse, AcceptsSqlalchemyDriverSuffix) {
  expect_readings(
      {{"mysql+pymysql://u:p@h:3306/app?charset=utf8mb4",
        server(Engine::Mysql, "u", "p", "h", 3306, "app", {{"charset", "utf8mb4"}})},
       {"postgresql+psycopg2://u@h/app", server(Engine::Postgresql, "u", "", "h", 0, "app")}});
}

TEST(UrlParse, DecodesPercentSignsAndTakesAnUnencodedAt) {
  const Url encoded = Url::parse("mysql://us%40er:p%2Fw%3A%3f@h/app");
  EXPECT_EQ(encoded.user, "us@er");
  EXPECT_EQ(encoded.password, "p/w:?");
  const Url plain = Url::parse("mysql://user:p@ss:word@h/app");
  EXPECT_EQ(plain.password, "p@ss:word");
  EXPECT_EQ(plain.host, "h");
}

TEST(UrlParse, ReadsOptions) {
  const Url url = Url::parse("postgresql://h/app?sslmode=require&options=-c%20x%3D1&");
  EXPECT_EQ(url.options,
            (std::map<std::string, std::string>{{"sslmode", "require"}, {"options", "-c x=1"}}));
}

TEST(UrlParse, RefusesWhatItCannotRead) {
  for (const char* text :
       {"", "file.db", "sqlite:file.db", "oracle://h/x", "://h/x", "sqlite://host/x.db",
        "mysql://u@h:port/x", "mysql://u@h:0/x", "mysql://u@h:65536/x", "mysql://u@h:33 06/x",
        "mysql://u@[::1/x", "mysql://u@[::1]x/x", "mysql://u%4@h/x", "mysql://u%zz@h/x",
        "mysql://u%ff@h/x", "mysql://u%00@h/x", "mysql://h/x?novalue", "mysql://h/x?=value"}) {
    const std::optional<Error> error = test::error_of([&] { Url::parse(text); });
    ASSERT_TRUE(error) << text;
    EXPECT_EQ(error->code(), ErrorCode::InvalidArgument) << text;
    EXPECT_FALSE(error->hint().empty()) << text;
  }
}

TEST(UrlParse, NeverRepeatsAPasswordInItsErrors) {
  for (const char* text :
       {"user:hunter2@host/x", "mysql://u:hunter2/rest@h/x", "mysql://u:hunter2?@h/x",
        "mysql://u:hunter2%@h:1/x", "mysql://u:hunter2@h:bad/x", "u:hunter2://h/x"}) {
    const std::optional<Error> error = test::error_of([&] { Url::parse(text); });
    ASSERT_TRUE(error) << text;
    EXPECT_EQ(std::string(error->what()).find("hunter2"), std::string::npos) << error->what();
  }
}

TEST(UrlRedacted, HidesEverySecret) {
  EXPECT_EQ(Url::parse("mysql://u:secret@h:3306/app").redacted(), "mysql://u:***@h:3306/app");
  EXPECT_EQ(Url::parse("postgresql://h/app?sslpassword=secret&sslmode=require").redacted(),
            "postgresql://h/app?sslmode=require&sslpassword=***");
}

TEST(UrlRedacted, ReadsBackAsTheSameUrlWhenThereIsNoSecret) {
  for (const char* text : {"sqlite:///a b.db", "sqlite:////x/y.db", "sqlite://",
                           "mysql://u%40x@h:1/app", "postgresql://u@[::1]:5432/app",
                           "postgresql:///app?host=%2Frun%2Fpg", "postgresql://%2Frun%2Fpg/app",
                           "postgresql://[fe80::1%25eth0]:1/app", "mysql://h/app%0C"}) {
    const Url url = Url::parse(text);
    EXPECT_EQ(Url::parse(url.redacted()), url) << text;
  }
}

}  // namespace
}  // namespace parley::database
