#include "migrate/target.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "base/error.h"
#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/scratch.h"
#include "dialect/target_script.h"
#include "migrate/definition.h"
#include "migrate/schema_file.h"
#include "migrate/scratch.h"

namespace parley::migrate {
namespace {

using dialect::ScratchPlace;
using dialect::ScriptStatement;

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream || std::filesystem::is_directory(file)) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} cannot be read", file.string()),
                "Name a file with the wanted schema: --target FILE.sql or FILE.yaml.");
  }
  return text.str();
}

/// The first line of the statement, as a message shows it.
std::string beginning_of(const std::string& statement) {
  std::string line = collapse_white_space(statement);
  if (line.size() > 100) line = std::string(first_code_points(line, 97)) + "...";
  return line;
}

class SqlTarget {
 public:
  SqlTarget(const std::filesystem::path& file, database::Connection& live)
      : file_(file.string()),
        live_(live),
        dialect_(dialect::dialect_of(live)),
        statements_(read()) {}

  WantedSchema run() {
    refuse_other_databases();
    const auto attempt = dialect::open_scratch(live_, place());
    if (!attempt.scratch) {
      throw Error(ErrorCode::PermissionDenied,
                  fmt::format("{} cannot be tried out: {}", file_, attempt.why_not),
                  "Grant the login the right to create a schema or database, or write the target "
                  "as YAML, which needs none: parley db dump --format yaml.");
    }
    dialect::Scratch& scratch = *attempt.scratch;
    for (const ScriptStatement& statement : statements_) execute(scratch, statement);
    scratch.enter_created_namespace();
    return {.schema = without_engine_tables(dialect_.inspect(scratch.connection())),
            .renames = {},
            .is_by_engine = true,
            .how = "in " + scratch.kind()};
  }

 private:
  const std::string& name() const { return dialect_.capabilities().name; }

  std::vector<ScriptStatement> read() const {
    try {
      return dialect::schema_statements(contents_of(file_), name());
    } catch (const Error& error) {
      if (error.code() != ErrorCode::InvalidArgument) throw;
      throw Error(error.code(), fmt::format("{}, {}", file_, error.what()), error.hint());
    }
  }

  ScratchPlace place() const {
    if (name() != "postgresql") return ScratchPlace::Cheapest;
    const auto schemas = dialect::namespaces_of_server(live_);
    return dialect::needs_own_database(statements_, schemas) ? ScratchPlace::Database
                                                             : ScratchPlace::Cheapest;
  }

  /// MySQL and MariaDB do not roll back what a statement does to another database.
  void refuse_other_databases() const {
    if (name() != "mysql" && name() != "mariadb") return;
    const auto databases = dialect::namespaces_of_server(live_);
    for (const ScriptStatement& statement : statements_) {
      const std::string other = dialect::named_database(statement, databases);
      if (other.empty()) continue;
      refuse(statement,
             fmt::format("it names the database '{}', which is no part of a target", other),
             "Name tables alone: dump without --databases.");
    }
  }

  void execute(dialect::Scratch& scratch, const ScriptStatement& statement) const {
    try {
      scratch.execute(statement.text);
    } catch (const Error& error) {
      refuse(statement, error.what(), error.hint());
    }
  }

  [[noreturn]] void refuse(const ScriptStatement& statement, const std::string& why,
                           const std::string& hint) const {
    throw Error(ErrorCode::InvalidArgument,
                fmt::format("{}:{}: {}\n  in: {}", file_, statement.line, why,
                            beginning_of(statement.text)),
                hint);
  }

  std::string file_;
  database::Connection& live_;
  const dialect::Dialect& dialect_;
  std::vector<ScriptStatement> statements_;
};

}  // namespace

bool is_yaml(const std::filesystem::path& file) {
  const std::string ending = lower(file.extension().string());
  return ending == ".yaml" || ending == ".yml";
}

WantedSchema read_yaml_target(const std::filesystem::path& file) {
  SchemaFile read = parse_schema_file(contents_of(file), file.string());
  return {.schema = std::move(read.schema),
          .renames = std::move(read.renames),
          .is_by_engine = false,
          .how = "in its own words"};
}

WantedSchema read_target(const std::filesystem::path& file, database::Connection& live) {
  if (lower(file.extension().string()) == ".sql") return SqlTarget(file, live).run();
  if (!is_yaml(file)) {
    throw Error(
        ErrorCode::InvalidArgument,
        fmt::format("{} is no target: its name ends neither in .sql nor in .yaml", file.string()));
  }
  const WantedSchema read = read_yaml_target(file);
  WantedSchema wanted = wanted_of(read.schema, live);
  wanted.renames = read.renames;
  return wanted;
}

WantedSchema wanted_of(const schema::Schema& declared, database::Connection& live) {
  EngineForm form = normalized_by_engine(live, declared);
  return {.schema = without_engine_tables(std::move(form.schema)),
          .renames = {},
          .is_by_engine = form.is_by_engine,
          .how = std::move(form.how)};
}

}  // namespace parley::migrate
