#include "support/databases.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string_view>

#include "base/ids.h"

namespace parley::test {
namespace {

database::Url server_url(TestEngine engine) {
  const char* variable =
      engine == TestEngine::Postgresql ? "PARLEY_TEST_POSTGRESQL" : "PARLEY_TEST_MARIADB";
  const char* text = std::getenv(variable);
  if (text == nullptr) {
    throw std::runtime_error(std::string(variable) +
                             " is not set: run the test through ./test or tools/with-databases");
  }
  return database::Url::parse(text);
}

// CREATE DATABASE takes PostgreSQL a quarter of a second, most of the time of a short test. So its
// databases are used again: whoever holds the advisory lock of one may have it, and finds it as the
// last test, which may have been killed, left it.
constexpr std::string_view kReused = "test_again_";

constexpr std::string_view kEmptied = R"(
SET client_min_messages = warning;
DO $$
DECLARE each text;
BEGIN
  PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  FOR each IN SELECT nspname FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', each);
  END LOOP;
  CREATE SCHEMA public AUTHORIZATION pg_database_owner;
  GRANT USAGE ON SCHEMA public TO PUBLIC;
  COMMENT ON SCHEMA public IS 'standard public schema';
END $$)";

// Locks a database that nobody has, and empties it; makes one where all are in use.
std::string take_postgresql(database::Connection& keeper) {
  const auto names =
      database::query(keeper, "SELECT datname FROM pg_database WHERE starts_with(datname, ?)",
                      {Value(std::string(kReused))});
  for (const auto& row : names) {
    const std::string name = database::text_of(row.front());
    if (!keeper.try_lock(name)) continue;
    database::Url url = keeper.url();
    url.database = name;
    database::open(url)->execute(kEmptied);
    return name;
  }
  std::string name = std::string(kReused) + random_hex(8);
  keeper.try_lock(name);
  keeper.execute("CREATE DATABASE " + name);
  return name;
}

}  // namespace

std::vector<TestEngine> all_engines() {
  return {TestEngine::Sqlite, TestEngine::Postgresql, TestEngine::Mariadb};
}

std::string name_of(TestEngine engine) {
  switch (engine) {
    case TestEngine::Sqlite: return "sqlite";
    case TestEngine::Postgresql: return "postgresql";
    case TestEngine::Mariadb: return "mariadb";
  }
  return "";
}

TemporaryDirectory::TemporaryDirectory()
    : path_((std::filesystem::temp_directory_path() / ("parley-test-" + random_hex(8))).string()) {
  std::filesystem::create_directories(path_);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

TestDatabase::TestDatabase(TestEngine engine) : engine_(engine) {
  if (engine == TestEngine::Sqlite) {
    url_ = database::Url::sqlite_file(directory_.path() + "/test.db");
    return;
  }
  url_ = server_url(engine);
  keeper_ = database::open(url_);
  if (engine == TestEngine::Postgresql) {
    url_.database = take_postgresql(*keeper_);
    return;
  }
  url_.database = "test_" + random_hex(8);
  // As Parley creates them: a MariaDB server's own default may be latin1.
  keeper_->execute("CREATE DATABASE " + url_.database + " CHARACTER SET utf8mb4");
}

TestDatabase::~TestDatabase() {
  if (engine_ != TestEngine::Mariadb) return;
  try {
    keeper_->execute("DROP DATABASE " + url_.database);
  } catch (const std::exception& error) {
    // The server is thrown away after the run; what the test itself found matters more.
    std::cerr << "cannot drop " << url_.database << ": " << error.what() << '\n';
  }
}

std::string TestDatabase::url_text() const {
  if (engine_ == TestEngine::Sqlite) return "sqlite:///" + url_.database;
  const std::string scheme = engine_ == TestEngine::Postgresql ? "postgresql" : "mysql";
  const std::string password = url_.password.empty() ? "" : ":" + url_.password;
  return scheme + "://" + url_.user + password + "@" + url_.host + ":" + std::to_string(url_.port) +
         "/" + url_.database;
}

std::unique_ptr<database::Connection> TestDatabase::connect() const { return database::open(url_); }

}  // namespace parley::test
