#pragma once

// Fresh databases for tests, on every engine. ./test (through tools/with-databases) starts the
// servers and names them in PARLEY_TEST_POSTGRESQL and PARLEY_TEST_MARIADB; without them a test
// that asks for one fails and says how to run it.

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "database/connection.h"
#include "database/url.h"

namespace parley::test {

enum class TestEngine { Sqlite, Postgresql, Mariadb };

/// All engines, for INSTANTIATE_TEST_SUITE_P(Engines, …, ValuesIn(all_engines()), engine_name).
std::vector<TestEngine> all_engines();
std::string name_of(TestEngine engine);
inline void PrintTo(TestEngine engine, std::ostream* out) { *out << name_of(engine); }
template <class ParamInfo>
std::string engine_name(const ParamInfo& info) {
  return name_of(info.param);
}

/// A directory of its own under the system's temporary directory, removed with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// An empty database of its own: a file on SQLite, a database of the server elsewhere. On MariaDB
/// it is dropped with the object; on PostgreSQL the next one may get it, emptied.
class TestDatabase {
 public:
  explicit TestDatabase(TestEngine engine);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const database::Url& url() const { return url_; }
  std::string url_text() const;  ///< Full, with the password, as a command line takes it.
  std::unique_ptr<database::Connection> connect() const;

 private:
  TestEngine engine_;
  TemporaryDirectory directory_;
  database::Url url_;
  std::unique_ptr<database::Connection> keeper_;  ///< Holds the database; null on SQLite.
};

}  // namespace parley::test
