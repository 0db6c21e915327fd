#include "support/databases.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>

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

TestDatabase::TestDatabase(TestEngine engine) : engine_(engine), name_("test_" + random_hex(8)) {
  if (engine == TestEngine::Sqlite) {
    url_ = database::Url::sqlite_file(directory_.path() + "/test.db");
    return;
  }
  url_ = server_url(engine);
  // As Parley creates them: a MariaDB server's own default may be latin1.
  const std::string encoding = engine == TestEngine::Mariadb ? " CHARACTER SET utf8mb4" : "";
  database::open(url_)->execute("CREATE DATABASE " + name_ + encoding);
  url_.database = name_;
}

TestDatabase::~TestDatabase() {
  if (engine_ == TestEngine::Sqlite) return;
  try {
    const std::string how = engine_ == TestEngine::Postgresql ? " WITH (FORCE)" : "";
    database::open(server_url(engine_))->execute("DROP DATABASE " + name_ + how);
  } catch (const std::exception& error) {
    // The server is thrown away after the run; what the test itself found matters more.
    std::cerr << "cannot drop " << name_ << ": " << error.what() << '\n';
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
