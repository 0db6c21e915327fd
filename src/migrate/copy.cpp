#include "migrate/copy.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "database/transaction.h"
#include "dialect/counter.h"
#include "dialect/dialect.h"
#include "dialect/foreign_key_pause.h"
#include "dialect/probe.h"
#include "dialect/row_loader.h"
#include "migrate/diff.h"
#include "migrate/dump_file.h"
#include "migrate/executor.h"
#include "migrate/lock.h"
#include "migrate/plan.h"
#include "migrate/portable_value.h"
#include "migrate/table_rows.h"
#include "migrate/value_text.h"

namespace parley::migrate {
namespace {

using fmt::format;

constexpr std::int64_t kRowsPerReport = 1000;

/// The schema that the revisions of `from` say, in neutral words. What is there must be that.
schema::Schema current_schema(Deployment& from) {
  const State state = from.state();
  const DriftReport report = from.drift(state);
  if (!report.is_workable()) throw drift_error(report, from.definition());
  if (const auto pending = from.pending(state); !pending.empty()) {
    throw Error(ErrorCode::NotUpToDate,
                format("The database has {} pending revisions, the first is {}", pending.size(),
                       pending.front()->id),
                "Run parley db upgrade on it first: a copy is made of a database at its heads.");
  }
  return from.definition().graph.replay(state.applied);
}

/// What somebody added to the original beside what the revisions make.
std::vector<std::string> extras(const schema::Schema& live, const schema::Schema& known) {
  std::vector<std::string> found;
  for (const schema::Table& table : live.tables) {
    const schema::Table* ours = known.find_table(table.name);
    if (ours == nullptr) {
      found.push_back("table " + table.name);
      continue;
    }
    for (const schema::Column& column : table.columns) {
      if (ours->find_column(column.name) != nullptr) continue;
      found.push_back(format("column {}.{}", table.name, column.name));
    }
  }
  return found;
}

void require_no_extras(const Deployment& from, const schema::Schema& neutral) {
  const auto found = extras(from.live(), from.dialect().normalize(neutral));
  if (found.empty()) return;
  throw Error(
      ErrorCode::RefusedForSafety,
      format("The revisions do not make what the database also holds, so a copy would lack "
             "it: {}",
             join(found, ", ")),
      "Write a revision for it (parley db repair --help tells of drift), or copy without it: "
      "--without-extras.");
}

void require_no_rows(Deployment& to, const schema::Schema& schema) {
  for (const schema::Table& table : schema.tables) {
    const std::int64_t rows = dialect::count_rows(to.connection(), table.name);
    if (rows == 0) continue;
    throw Error(ErrorCode::RefusedForSafety,
                format("The database to copy to is not empty: {} has {} rows", table.name, rows),
                "Name an empty one with --to, or empty it yourself.");
  }
}

/// Without what acts on rows or refers to them, so that tables can be filled in any order. Where
/// keys cannot be dropped they stay, and are paused.
schema::Schema bare(schema::Schema schema, const dialect::Dialect& dialect) {
  schema.triggers.clear();
  if (!dialect.capabilities().add_constraint) return schema;
  for (schema::Table& table : schema.tables) table.foreign_keys.clear();
  return schema;
}

void change(Deployment& to, const schema::Schema& before, const schema::Schema& after) {
  const Plan steps = plan(diff(before, after), before, to.dialect());
  for (const Step& step : steps.steps) {
    for (const std::string& statement : step.statements) to.connection().execute(statement);
  }
}

int digits_of(const schema::Type& type, const dialect::Dialect& dialect) {
  if (type.kind != schema::TypeKind::DateTime) return 6;
  return type.precision >= 0 ? type.precision : dialect.capabilities().datetime_digits;
}

/// A row brought into another form, value by value.
template <class Convert>
std::vector<Value> converted(const std::vector<Value>& row, const std::vector<std::string>& columns,
                             const schema::Table& table, const Convert& convert) {
  std::vector<Value> result;
  for (std::size_t i = 0; i < row.size(); ++i) {
    result.push_back(convert(row[i], *table.find_column(columns[i])));
  }
  return result;
}

class Copy {
 public:
  Copy(Deployment& from, Deployment& to, const schema::Schema& neutral,
       const ExecuteOptions& options)
      : from_(from),
        to_(to),
        neutral_(neutral),
        source_(from.dialect().normalize(neutral)),
        target_(to.dialect().normalize(neutral)),
        options_(options) {}

  CopyReport run() {
    using Needed = dialect::ForeignKeyPause::Needed;
    const auto& can = to_.dialect().capabilities();
    dialect::ForeignKeyPause pause(to_.connection(), can.add_constraint ? Needed::No : Needed::Yes);
    const database::Transaction snapshot(from_.connection(), database::Transaction::Mode::Read);
    const schema::Schema loose = bare(target_, to_.dialect());
    // Where DDL commits by itself, only the rows share a transaction.
    std::optional<database::Transaction> all;
    if (can.transactional_ddl) all.emplace(to_.connection());
    change(to_, to_.live(), loose);
    all ? carry_rows() : carry_rows_in_transaction();
    change(to_, loose, target_);
    for (const auto& [table, id] : next_ids_) {
      dialect::set_next_id(to_.connection(), *target_.find_table(table), id);
    }
    pause.check();
    if (all) all->commit();
    return std::move(report_);
  }

 private:
  void carry_rows() {
    for (const schema::Table& table : neutral_.tables) fill(table);
    for (const CopiedTable& table : report_.tables) compare(table);
  }

  void carry_rows_in_transaction() {
    database::Transaction transaction(to_.connection());
    carry_rows();
    transaction.commit();
  }

  void fill(const schema::Table& table) {
    note_coarser_times(table);
    const auto columns = written_columns(table);
    dialect::RowLoader loader(to_.connection(), table.name, columns);
    RowSum sum;
    const auto take = [&](const std::vector<Value>& row) {
      loader.add(converted(row, columns, table, [&](const Value& value, const auto& column) {
        note_id(table, column, value);
        return portable(value, column.type, table.name, column.name);
      }));
      sum.add(line_of(row, columns, table));
      if (sum.rows() % kRowsPerReport == 0) report(table.name, sum.rows());
    };
    for_each_row(from_.connection(), *source_.find_table(table.name), take);
    loader.finish();
    note_next_id(table);
    report_.tables.push_back({.name = table.name, .rows = sum.rows(), .sum = sum.text()});
  }

  /// Past every id that was given out, or written by hand.
  void note_next_id(const schema::Table& table) {
    const auto next = dialect::next_id(from_.connection(), *source_.find_table(table.name));
    if (next) next_ids_[table.name] = std::max(*next, largest_id_[table.name] + 1);
  }

  void note_id(const schema::Table& table, const schema::Column& column, const Value& value) {
    const auto* id = column.auto_increment ? std::get_if<std::int64_t>(&value) : nullptr;
    if (id != nullptr) largest_id_[table.name] = std::max(largest_id_[table.name], *id);
  }

  /// A row as both sides would write it.
  std::string line_of(const std::vector<Value>& row, const std::vector<std::string>& columns,
                      const schema::Table& table) const {
    return values_to_text(
        converted(row, columns, table, [&](const Value& value, const schema::Column& column) {
          return comparable(value, column.type, common_digits(table.name, column.name), table.name,
                            column.name);
        }));
  }

  int common_digits(const std::string& table, const std::string& column) const {
    return std::min(
        digits_of(source_.find_table(table)->find_column(column)->type, from_.dialect()),
        digits_of(target_.find_table(table)->find_column(column)->type, to_.dialect()));
  }

  void note_coarser_times(const schema::Table& table) {
    for (const schema::Column& column : table.columns) {
      const int before = digits_of(source_.find_table(table.name)->find_column(column.name)->type,
                                   from_.dialect());
      const int after =
          digits_of(target_.find_table(table.name)->find_column(column.name)->type, to_.dialect());
      if (after >= before) continue;
      report_.notes.push_back(format("{}.{} keeps {} digits of a second there, and {} here",
                                     table.name, column.name, after, before));
    }
  }

  void compare(const CopiedTable& sent) const {
    const schema::Table& table = *neutral_.find_table(sent.name);
    const auto columns = written_columns(table);
    RowSum sum;
    for_each_row(to_.connection(), *target_.find_table(sent.name),
                 [&](const std::vector<Value>& row) { sum.add(line_of(row, columns, table)); });
    if (sum.rows() == sent.rows && sum.text() == sent.sum) return;
    throw Error(
        ErrorCode::DatabaseFailure,
        format("What arrived of {} is not what was sent: {} of {} rows, sum {} instead of {}",
               sent.name, sum.rows(), sent.rows, sum.text(), sent.sum),
        "Nothing was copied. The settings of the other server may change values: its "
        "character set, or a trigger.");
  }

  void report(const std::string& table, std::int64_t rows) const {
    if (!options_.on_progress) return;
    options_.on_progress(Progress{.task = "copy",
                                  .step = "copy " + table,
                                  .steps_done = static_cast<std::int64_t>(report_.tables.size()),
                                  .steps_total = static_cast<std::int64_t>(neutral_.tables.size()),
                                  .rows_done = rows});
  }

  Deployment& from_;
  Deployment& to_;
  const schema::Schema& neutral_;
  const schema::Schema source_;
  const schema::Schema target_;
  const ExecuteOptions& options_;
  CopyReport report_;
  std::map<std::string, std::int64_t> largest_id_;
  std::map<std::string, std::int64_t> next_ids_;
};

}  // namespace

std::int64_t CopyReport::rows() const {
  std::int64_t sum = 0;
  for (const CopiedTable& table : tables) sum += table.rows;
  return sum;
}

CopyReport copy_namespace(Deployment& from, Deployment& to, Extras extras,
                          const ExecuteOptions& options) {
  const schema::Schema neutral = current_schema(from);
  if (extras == Extras::Refuse) require_no_extras(from, neutral);
  if (to.state().standing == Standing::Empty) {
    upgrade_all(to, options);
  }
  const Lock lock(to.connection(), to.journal(), to.clock(), options.lock_patience);
  require_no_rows(to, neutral);
  return Copy(from, to, neutral, options).run();
}

}  // namespace parley::migrate
