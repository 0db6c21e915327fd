#include "dialect/scratch.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <functional>
#include <optional>

#include "base/error.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/text.h"
#include "database/transaction.h"
#include "dialect/dialect.h"

namespace parley::dialect {
namespace {

using database::Connection;
using database::text_of;

constexpr std::string_view kPrefix = "parley_scratch_";

std::string this_host() {
  char name[256] = {};
  gethostname(name, sizeof name - 1);
  return fmt::format("{:08x}", static_cast<std::uint32_t>(std::hash<std::string>()(name)));
}

/// `parley_scratch_<machine>_<process>_<number>`: the next run can tell whose it is.
std::string new_name() {
  return fmt::format("{}{}_{}_{}", kPrefix, this_host(), getpid(), random_hex(3));
}

/// True for the database of a process of this machine that is no more.
bool is_left_over(const std::string& name) {
  const auto parts = split(name, '_');
  if (parts.size() != 5 || parts[2] != this_host()) return false;
  pid_t process = 0;
  const std::string& digits = parts[3];
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), process);
  if (read.ec != std::errc() || process <= 0 || process == getpid()) return false;
  return kill(process, 0) != 0 && errno == ESRCH;
}

/// Foreign keys are off: SQLite rebuilds tables by dropping them, and there are no rows to guard.
class MemoryScratch : public Scratch {
 public:
  MemoryScratch() : connection_(database::open(database::Url::sqlite_file(":memory:"))) {
    connection_->execute("PRAGMA foreign_keys = OFF");
  }
  Connection& connection() override { return *connection_; }
  std::string kind() const override { return "a database in memory"; }
  void execute(const std::string& statement) override { connection_->execute(statement); }

 private:
  std::unique_ptr<Connection> connection_;
};

/// CONCURRENTLY, which saves readers and writers from waiting, cannot be said in a transaction and
/// has nobody to save here.
std::string without_concurrently(const std::string& statement) {
  constexpr std::string_view kWord = " CONCURRENTLY";
  const bool is_of_index = statement.starts_with("CREATE INDEX") ||
                           statement.starts_with("CREATE UNIQUE INDEX") ||
                           statement.starts_with("DROP INDEX");
  const std::size_t at = statement.find(kWord);
  if (!is_of_index || at == std::string::npos ||
      at > std::string_view("CREATE UNIQUE INDEX").size()) {
    return statement;
  }
  return std::string(statement).erase(at, kWord.size());
}

/// The server puts what is not qualified into the first schema of the search path; those of
/// extensions come behind it, because types live there.
class SchemaScratch : public Scratch {
 public:
  explicit SchemaScratch(Connection& live)
      : connection_(database::open(live.url(), database::Open::Existing)),
        transaction_(*connection_) {
    const std::string name = new_name();
    connection_->execute(fmt::format("CREATE SCHEMA {}", name));
    std::string path = name;
    for (const auto& row :
         database::query(*connection_,
                         "SELECT DISTINCT quote_ident(n.nspname) FROM pg_extension e JOIN "
                         "pg_namespace n ON n.oid = e.extnamespace WHERE n.nspname <> "
                         "'pg_catalog'")) {
      path += ", " + text_of(row[0]);
    }
    connection_->execute(fmt::format("SET LOCAL search_path TO {}", path));
  }

  Connection& connection() override { return *connection_; }
  std::string kind() const override { return "a schema that is rolled back"; }

  void execute(const std::string& statement) override {
    database::Savepoint savepoint(*connection_, "parley_scratch_step");
    connection_->execute(without_concurrently(statement));
    savepoint.release();
  }

 private:
  std::unique_ptr<Connection> connection_;
  database::Transaction transaction_;  ///< Never committed.
};

/// A database that is created for this and dropped again.
class DatabaseScratch : public Scratch {
 public:
  DatabaseScratch(std::unique_ptr<Connection> keeper, std::string name)
      : keeper_(std::move(keeper)), name_(std::move(name)) {}
  ~DatabaseScratch() override {
    connection_.reset();
    try {
      keeper_->execute("DROP DATABASE IF EXISTS " + name_);
    } catch (const Error& error) {
      log::warning("The scratch database {} is still there: {}", name_, error.what());
    }
  }

  Connection& connection() override { return *connection_; }
  std::string kind() const override { return "a database that is dropped again"; }
  void execute(const std::string& statement) override { connection_->execute(statement); }

  void connect(std::unique_ptr<Connection> connection) { connection_ = std::move(connection); }
  const std::string& name() const { return name_; }

 private:
  std::unique_ptr<Connection> keeper_;
  std::unique_ptr<Connection> connection_;
  std::string name_;
};

class PostgresqlDatabaseScratch : public DatabaseScratch {
 public:
  using DatabaseScratch::DatabaseScratch;

  void enter_created_namespace() override {
    const auto rows = database::query(
        connection(),
        "SELECT DISTINCT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT LIKE 'pg\\_%' "
        "AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT 1 FROM pg_depend d "
        "WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') ORDER BY "
        "1");
    std::vector<std::string> names;
    for (const auto& row : rows) names.push_back(text_of(row[0]));
    if (names.size() > 1) {
      throw Error(ErrorCode::InvalidArgument,
                  "The target creates tables in several schemas: " + join(names, ", "),
                  "A namespace is one schema. Dump that one alone: pg_dump -s -n SCHEMA.");
    }
    // A dump sets an empty search path.
    connection().execute("RESET search_path");
    connection().use_namespace(names.empty() ? "public" : names.front(), Connection::Create::Never);
  }
};

void drop_leftovers(Connection& keeper, std::string_view list) {
  for (const auto& row : database::query(keeper, list)) {
    const std::string name = text_of(row[0]);
    if (!is_left_over(name)) continue;
    log::info("Removing {}, which a run that was killed left", name);
    keeper.execute("DROP DATABASE IF EXISTS " + name);
  }
}

std::unique_ptr<Scratch> postgresql_database(Connection& live) {
  auto keeper = database::open(live.url(), database::Open::Existing);
  drop_leftovers(*keeper,
                 "SELECT datname FROM pg_database WHERE datname LIKE 'parley\\_scratch\\_%'");
  const std::string name = new_name();
  keeper->execute(fmt::format("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", name));
  auto scratch = std::make_unique<PostgresqlDatabaseScratch>(std::move(keeper), name);
  database::Url url = live.url();
  url.database = name;
  scratch->connect(database::open(url, database::Open::Existing));
  return scratch;
}

std::unique_ptr<Scratch> mysql_database(Connection& live) {
  auto keeper = database::open(live.url(), database::Open::Existing);
  drop_leftovers(*keeper,
                 "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE "
                 "'parley\\_scratch\\_%'");
  const auto standard =
      database::query(live,
                      "SELECT default_character_set_name, default_collation_name FROM "
                      "information_schema.schemata WHERE schema_name = DATABASE()");
  const std::string name = new_name();
  std::string statement = "CREATE DATABASE " + name;
  if (!standard.empty()) {
    statement += fmt::format(" CHARACTER SET {} COLLATE {}", text_of(standard[0][0]),
                             text_of(standard[0][1]));
  }
  keeper->execute(statement);
  auto scratch = std::make_unique<DatabaseScratch>(std::move(keeper), name);
  database::Url url = live.url();
  url.database = name;
  scratch->connect(database::open(url, database::Open::Existing));
  return scratch;
}

std::unique_ptr<Scratch> scratch_on(Connection& live, ScratchPlace place) {
  const std::string& name = dialect_of(live).capabilities().name;
  if (name == "sqlite") return std::make_unique<MemoryScratch>();
  if (name != "postgresql") return mysql_database(live);
  if (place == ScratchPlace::Database) return postgresql_database(live);
  return std::make_unique<SchemaScratch>(live);
}

std::string_view namespaces_query(const std::string& dialect) {
  if (dialect == "sqlite") return "";
  if (dialect == "postgresql") {
    return "SELECT nspname FROM pg_namespace WHERE nspname NOT IN ('pg_catalog', "
           "'information_schema')";
  }
  return "SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN "
         "('information_schema', 'performance_schema')";
}

}  // namespace

std::vector<std::string> namespaces_of_server(Connection& connection) {
  const auto query = namespaces_query(dialect_of(connection).capabilities().name);
  std::vector<std::string> names;
  if (query.empty()) return names;
  for (const auto& row : database::query(connection, query)) names.push_back(text_of(row[0]));
  return names;
}

ScratchAttempt open_scratch(Connection& live, ScratchPlace place) {
  try {
    return {scratch_on(live, place), ""};
  } catch (const Error& error) {
    return {nullptr, error.what()};
  }
}

}  // namespace parley::dialect
