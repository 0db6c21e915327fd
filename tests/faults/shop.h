#pragma once

// A small database whose upgrade does everything that can be interrupted: tables, columns, a
// rebuild, indexes, a backfill in several batches, the user's own SQL, drops. Each of its statements
// can only be done once without being noticed: rows are counted up, not set. One thread.

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "migrate/executor.h"
#include "migrate/definition.h"
#include "support/databases.h"

namespace parley::test {

class Shop {
 public:
  /// The namespace `name` in `database`: a schema or database of the server, a file of SQLite.
  Shop(const TestDatabase& database, TestEngine engine, std::string name);

  std::unique_ptr<database::Connection> connect() const;

  /// Brings it to revision 001 and fills the tables.
  void open() const;

  /// Upgrades to the head over this connection.
  std::vector<std::string> upgrade(database::Connection& connection) const;

  /// Expects the head, the recorded schema, every row changed exactly once, and one finished journal
  /// entry for every revision.
  void expect_upgraded() const;

  /// Expects revision 001 and its rows.
  void expect_untouched() const;

  const migrate::NamespaceDefinition& definition() const { return definition_; }
  migrate::ExecuteOptions options() const { return options_; }
  migrate::ExecuteOptions& options() { return options_; }
  const Clock& clock() const { return clock_; }

 private:
  database::Url url() const;

  const TestDatabase& database_;
  TestEngine engine_;
  std::string name_;
  migrate::NamespaceDefinition definition_;
  migrate::ExecuteOptions options_;
  SystemClock clock_;
};

}  // namespace parley::test
