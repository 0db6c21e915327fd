#pragma once

// One connection to one database, the same for every engine. Everything above `database/` writes
// SQL with `?` for parameters and speaks through these interfaces; the C libraries of the engines
// stay in the driver folders. A connection and what came from it belong to one thread at a time.
//
// All functions throw `Error` with a classified code (UniqueViolation, Busy, ConnectionLost…) whose
// message has the engine's own text and, where there is one, the statement.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "database/url.h"

namespace parley::database {

/// A prepared statement and, after `execute`, its rows. Owned by the connection's cache; valid
/// until the connection is closed. Executing again discards the rows of the time before, and so
/// does the end of the transaction.
class Statement {
 public:
  virtual ~Statement() = default;

  /// Runs the statement with these parameters, one per `?`.
  virtual void execute(std::span<const Value> parameters) = 0;
  void execute(std::initializer_list<Value> parameters) {
    execute(std::span<const Value>(parameters.begin(), parameters.size()));
  }
  void execute() { execute(std::span<const Value>{}); }

  /// Moves to the next row; false when there is none. Requires: execute was called.
  virtual bool next() = 0;

  virtual int column_count() const = 0;
  virtual std::string column_name(int column) const = 0;

  /// The value in the current row, 0 ≤ column < column_count(). Booleans may come as integers and
  /// numbers as text, as the engine hands them out: the `schema::from_value` functions accept all
  /// forms.
  virtual Value value(int column) const = 0;

  /// Rows that the last execution inserted, changed or deleted.
  virtual std::int64_t affected_rows() const = 0;

  /// Lets go of the rows, so that the connection can commit (SQLite: an unfinished read holds it).
  virtual void reset() = 0;
};

/// Which server answered: "SQLite 3.40.1", "PostgreSQL 15.6", "MariaDB 10.11.6", "MySQL 8.0.36".
struct ServerVersion {
  std::string product;  ///< "SQLite", "PostgreSQL", "MariaDB", "MySQL".
  int major = 0;
  int minor = 0;
  int patch = 0;
};

class Connection {
 public:
  virtual ~Connection() = default;

  /// The cached prepared statement for this text; prepared now when it is new. `?` stands for a
  /// parameter, except inside quotes and comments. The cache only grows: texts come from a bounded
  /// set.
  virtual Statement& prepare(std::string_view sql) = 0;

  /// Runs one or more statements without parameters and without looking at rows.
  virtual void execute(std::string_view sql) = 0;

  /// Begins, commits and rolls back. `Transaction` is the way to use them. `begin` takes the write
  /// lock at once where the engine has only one (SQLite: BEGIN IMMEDIATE); `begin_read` reads one
  /// snapshot. When the engine rolls back by itself (a deadlock on MySQL, a full disk on SQLite),
  /// `in_transaction` stays true and every statement throws until `rollback`, so that nothing is
  /// committed alone. `commit` of a failed transaction throws. `rollback` never throws.
  virtual void begin() = 0;
  virtual void begin_read() = 0;
  virtual void commit() = 0;
  virtual void rollback() = 0;
  virtual bool in_transaction() const = 0;

  virtual ServerVersion version() const = 0;
  virtual const Url& url() const = 0;

  /// The id that the last INSERT of one row generated. Requires: the table has an auto-increment
  /// column.
  virtual std::int64_t last_insert_id() = 0;

  /// Makes tables be found in this schema (PostgreSQL) or database (MySQL, MariaDB), which is
  /// created when it is missing and `Create::IfMissing` is given. Does nothing on SQLite, where a
  /// file is the namespace.
  enum class Create { Never, IfMissing };
  virtual void use_namespace(const std::string& name, Create create) = 0;

  /// The name given to `use_namespace`; empty when it was not called, and on SQLite.
  virtual std::string namespace_in_use() const { return {}; }

  /// How long a statement waits for a lock of another connection before it throws Error{Busy};
  /// nothing for the engine's usual patience. PostgreSQL: lock_timeout; MySQL/MariaDB:
  /// lock_wait_timeout and innodb_lock_wait_timeout, in whole seconds, at least one; SQLite: the
  /// busy time-out.
  virtual void set_lock_timeout(std::optional<std::chrono::milliseconds>) {}

  /// Says that this connection is one of several that mostly read. SQLite: a small page cache, since
  /// the operating system keeps the file's pages for all of them.
  virtual void expect_reads() {}

  /// Takes a lock of that name in the current namespace; it dies with this connection. False when
  /// another connection holds it, true when this one has it already. PostgreSQL:
  /// pg_try_advisory_lock; MySQL/MariaDB: GET_LOCK; SQLite: flock on a file beside the database,
  /// always true for a database in memory.
  virtual bool try_lock(const std::string& name) = 0;
  virtual void unlock(const std::string& name) = 0;

  /// True when the connection still answers; asks the server.
  virtual bool is_alive() = 0;

  /// True once the connection is known to have ended, by an error (ConnectionLost) or because the
  /// server closed it meanwhile. Asks nobody: cheap enough for every borrowing. Never false again.
  virtual bool is_lost() = 0;
};

/// Opens a connection. SQLite: creates the file when it is missing and `Open::CreateIfMissing` is
/// given. Throws CannotConnect, UnknownDatabase, PermissionDenied, NotADatabase with what to do
/// next.
enum class Open { Existing, CreateIfMissing };
std::unique_ptr<Connection> open(const Url& url, Open mode = Open::CreateIfMissing);

/// A second connection to the same database and namespace; null for a database in memory, which has
/// only one. Throws as `open`.
std::unique_ptr<Connection> open_another(const Connection& connection);

/// All rows of a query at once, for small answers.
using Row = std::vector<Value>;
std::vector<Row> query(Connection& connection, std::string_view sql,
                       std::span<const Value> parameters = {});
std::vector<Row> query(Connection& connection, std::string_view sql,
                       std::initializer_list<Value> parameters);

/// The text, number or truth of a value in whatever form the engine gave it; empty, 0, false for
/// NULL.
std::string text_of(const Value& value);
std::int64_t integer_of(const Value& value);
bool truth_of(const Value& value);

}  // namespace parley::database
