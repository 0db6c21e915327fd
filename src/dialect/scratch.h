#pragma once

// An empty namespace of the same engine, on a connection of its own, in which things are tried out:
// what a schema looks like once the engine has rewritten its views and checks, whether a plan leads
// where it should. Nothing of it outlives its object. It dies with the process as well, or, where a
// database had to be created (MySQL, MariaDB), the next scratch of this machine removes it. One
// thread.

#include <memory>
#include <string>
#include <vector>

#include "database/connection.h"

namespace parley::dialect {

class Scratch {
 public:
  virtual ~Scratch() = default;

  virtual database::Connection& connection() = 0;

  /// What it is, for people: `a database in memory`, `a schema that is rolled back`.
  virtual std::string kind() const = 0;

  /// Runs one statement. After one that failed the next can run: an error is that statement's own.
  virtual void execute(const std::string& statement) = 0;

  /// Looks into the namespace in which the statements created tables, when they named one of their
  /// own. Throws Error{InvalidArgument} when they created tables in several.
  virtual void enter_created_namespace() {}
};

/// Where the scratch is to be.
enum class ScratchPlace {
  Cheapest,  ///< SQLite: in memory; PostgreSQL: a schema in a transaction; else a database.
  Database,  ///< PostgreSQL: a database of its own, for SQL that names schemas and extensions.
};

/// A scratch, or why there is none: the login lacks the privilege, the server only reads.
struct ScratchAttempt {
  std::unique_ptr<Scratch> scratch;
  std::string why_not;
};

/// Opens a scratch on the server of `live`, with its character set.
ScratchAttempt open_scratch(database::Connection& live, ScratchPlace place);

/// The names by which SQL on this server could reach out of its namespace: schemas on PostgreSQL,
/// databases on MySQL and MariaDB, without the system's own.
std::vector<std::string> namespaces_of_server(database::Connection& connection);

}  // namespace parley::dialect
