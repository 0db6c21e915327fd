#include "migrate/dump.h"

#include <fmt/format.h>

#include <map>

#include "base/error.h"
#include "base/text.h"
#include "database/transaction.h"
#include "dialect/beyond_model.h"
#include "dialect/counter.h"
#include "dialect/probe.h"
#include "dialect/row_loader.h"
#include "migrate/diff.h"
#include "migrate/plan.h"
#include "migrate/revision.h"
#include "migrate/table_rows.h"
#include "migrate/value_text.h"

namespace parley::migrate {
namespace {

constexpr std::int64_t kRowsAtOnce = 1000;
constexpr std::string_view kLockTable = "parley_lock";

/// `revision` is only the form in which changes are written as text.
std::string schema_text(const schema::Schema& schema) {
  return to_yaml(Revision{.id = "backup", .message = "backup", .upgrade = diff({}, schema)});
}

schema::Schema schema_from(std::string_view text) {
  schema::Schema schema;
  for (const schema::Change& change : parse_revision(text, "the schema of the backup").upgrade) {
    schema::apply(schema, change);
  }
  return schema;
}

[[noreturn]] void refuse_to_lose(const std::string& object) {
  throw Error(ErrorCode::UnsupportedChange,
              "This schema holds what a backup cannot bring back: " + object,
              "Use the backup program of the database server; to go on without a backup of ours, "
              "--no-backup.");
}

/// A backup that would not bring this schema back is found out when it is made.
void require_faithful(const std::string& text, const schema::Schema& live,
                      database::Connection& connection) {
  const auto beyond = dialect::beyond_model(connection);
  if (!beyond.empty()) refuse_to_lose(join(beyond, "; "));
  const auto& dialect = dialect::dialect_of(connection);
  const auto lost = diff(dialect.normalize(schema_from(text)), live);
  if (!lost.empty()) refuse_to_lose(schema::describe(lost.front()));
}

/// Schema and rows go in separately: what refers to rows, or acts on them, comes after them.
schema::Schema bare_tables(const schema::Schema& schema) {
  schema::Schema bare{.tables = schema.tables, .enums = schema.enums};
  for (schema::Table& table : bare.tables) {
    table.foreign_keys.clear();
    table.indexes.clear();
  }
  return bare;
}

class Writer {
 public:
  Writer(Deployment& deployment, FileWriter& out, const ProgressListener& listener)
      : deployment_(deployment),
        connection_(deployment.connection()),
        out_(out),
        listener_(listener),
        schema_(deployment.dialect().inspect(connection_)) {}

  DumpTotals run(const std::string& tool_version) {
    const std::string text = schema_text(schema_);
    require_faithful(text, schema_, connection_);
    write({{"parley_backup", kDumpVersion},
           {"dialect", deployment_.dialect().capabilities().name},
           {"created_at", format_rfc3339(deployment_.clock().now())},
           {"tool_version", tool_version},
           {"tables", static_cast<std::int64_t>(schema_.tables.size())}});
    write({{"schema", text}});
    DumpTotals totals;
    for (const schema::Table& table : schema_.tables) {
      totals.rows += write_table(table, totals.tables);
      ++totals.tables;
    }
    write({{"end_of_backup", true}, {"tables", totals.tables}, {"rows", totals.rows}});
    return totals;
  }

 private:
  void write(const JsonObject& object) { out_.write_line(parley::to_text(Json(object))); }

  std::int64_t write_table(const schema::Table& table, std::int64_t tables_done) {
    JsonObject beginning{{"table", table.name},
                         {"columns", json::value_from(written_columns(table))}};
    if (const auto id = dialect::next_id(connection_, table)) beginning["next_id"] = *id;
    write(beginning);
    RowSum sum;
    const auto write_row = [&](const std::vector<Value>& row) {
      const std::string line = values_to_text(row);
      sum.add(line);
      out_.write_line(line);
      if (sum.rows() % kRowsAtOnce == 0) report(table.name, tables_done, sum.rows());
    };
    if (table.name != kLockTable) {
      for_each_row(connection_, table, write_row);
      require_all(table, sum.rows());
    }
    write({{"end", table.name}, {"rows", sum.rows()}, {"sum", sum.text()}});
    return sum.rows();
  }

  /// The rows are read piece by piece; counted at once, in the same snapshot, there must be as
  /// many.
  void require_all(const schema::Table& table, std::int64_t rows) {
    const std::int64_t wanted = dialect::count_rows(connection_, table.name);
    if (rows == wanted) return;
    throw Error(ErrorCode::Internal,
                fmt::format("Table {} has {} rows, and {} were read", table.name, wanted, rows),
                "Use the backup program of the database server, and report this.");
  }

  void report(const std::string& table, std::int64_t tables_done, std::int64_t rows) const {
    if (!listener_) return;
    listener_(Progress{.task = "backup",
                       .step = "copy " + table,
                       .steps_done = tables_done,
                       .steps_total = static_cast<std::int64_t>(schema_.tables.size()),
                       .rows_done = rows});
  }

  Deployment& deployment_;
  database::Connection& connection_;
  FileWriter& out_;
  const ProgressListener& listener_;
  const schema::Schema schema_;
};

class Reader {
 public:
  Reader(Deployment& deployment, DumpReader& in, const ProgressListener& listener)
      : deployment_(deployment),
        connection_(deployment.connection()),
        in_(in),
        listener_(listener) {}

  DumpTotals run() {
    const schema::Schema wanted = deployment_.dialect().normalize(schema_from(read_schema()));
    const schema::Schema bare = deployment_.dialect().normalize(bare_tables(wanted));
    change(diff({}, bare), {});
    while (const auto line = in_.next()) {
      const Json json = parse_json(*line);
      if (!json.is_object()) in_.refuse("a row stands outside of its table");
      if (json.as_object().contains("end_of_backup")) break;
      read_table(json.as_object(), bare);
    }
    change(diff(bare, wanted), bare);
    for (const auto& [table, id] : next_ids_) {
      dialect::set_next_id(connection_, *wanted.find_table(table), id);
    }
    verify(wanted);
    return totals_;
  }

 private:
  struct Expected {
    std::int64_t rows = 0;
    std::string sum;
  };

  std::string read_schema() {
    const auto line = in_.next();
    const Json json = line ? parse_json(*line) : Json();
    if (!json.is_object() || !json.as_object().contains("schema")) in_.refuse("there is no schema");
    return std::string(json.as_object().at("schema").as_string());
  }

  void change(const std::vector<schema::Change>& changes, const schema::Schema& before) {
    const Plan steps = plan(changes, before, deployment_.dialect());
    for (const Step& step : steps.steps) {
      for (const std::string& statement : step.statements) connection_.execute(statement);
    }
  }

  void read_table(const JsonObject& beginning, const schema::Schema& bare) {
    const std::string name(beginning.at("table").as_string());
    if (bare.find_table(name) == nullptr) in_.refuse("the schema has no table " + name);
    const auto columns = json::value_to<std::vector<std::string>>(beginning.at("columns"));
    if (const auto* id = beginning.if_contains("next_id")) next_ids_[name] = id->as_int64();
    dialect::RowLoader loader(connection_, name, columns);
    std::int64_t rows = 0;
    while (const auto line = in_.next()) {
      if (line->starts_with('{')) {
        loader.finish();
        return note_end(parse_json(*line).as_object(), name, rows);
      }
      auto row = values_from_text(*line);
      if (row.size() != columns.size()) in_.refuse("this row has another number of values");
      loader.add(std::move(row));
      if (++rows % kRowsAtOnce == 0) report(name, rows);
    }
    in_.refuse("table " + name + " has no end");
  }

  void note_end(const JsonObject& end, const std::string& table, std::int64_t rows) {
    if (!end.contains("end") || end.at("end").as_string() != table ||
        end.at("rows").as_int64() != rows) {
      in_.refuse(fmt::format("table {} should end here after {} rows", table, rows));
    }
    expected_[table] = {.rows = rows, .sum = std::string(end.at("sum").as_string())};
    totals_.rows += rows;
    ++totals_.tables;
  }

  void verify(const schema::Schema& wanted) {
    const auto left = diff(deployment_.dialect().inspect(connection_), wanted);
    if (!left.empty()) {
      throw Error(ErrorCode::SchemaDrift, "The restored schema is not that of the backup: " +
                                              schema::describe(left.front()));
    }
    for (const auto& [table, expected] : expected_) {
      const RowSum sum = sum_of_rows(connection_, *wanted.find_table(table));
      if (sum.rows() == expected.rows && sum.text() == expected.sum) continue;
      throw Error(ErrorCode::RefusedForSafety,
                  fmt::format("The restored rows of {} are not those of the backup ({} rows, sum "
                              "{}; the backup has {}, {})",
                              table, sum.rows(), sum.text(), expected.rows, expected.sum));
    }
  }

  void report(const std::string& table, std::int64_t rows) const {
    if (!listener_) return;
    listener_(Progress{.task = "restore",
                       .step = "load " + table,
                       .steps_done = totals_.tables,
                       .steps_total = in_.header().at("tables").as_int64(),
                       .rows_done = rows});
  }

  Deployment& deployment_;
  database::Connection& connection_;
  DumpReader& in_;
  const ProgressListener& listener_;
  std::map<std::string, Expected> expected_;
  std::map<std::string, std::int64_t> next_ids_;
  DumpTotals totals_;
};

}  // namespace

DumpTotals write_dump(Deployment& deployment, const std::string& tool_version, FileWriter& out,
                      const ProgressListener& listener) {
  database::Transaction snapshot(deployment.connection(), database::Transaction::Mode::Read);
  return Writer(deployment, out, listener).run(tool_version);
}

RowSum sum_of_rows(database::Connection& connection, const schema::Table& table) {
  RowSum sum;
  for_each_row(connection, table,
               [&](const std::vector<Value>& row) { sum.add(values_to_text(row)); });
  return sum;
}

DumpTotals read_dump(Deployment& deployment, DumpReader& in, const ProgressListener& listener) {
  return Reader(deployment, in, listener).run();
}

}  // namespace parley::migrate
