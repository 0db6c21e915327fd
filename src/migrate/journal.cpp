#include "migrate/journal.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/error.h"
#include "base/ids.h"
#include "base/text.h"
#include "migrate/diff.h"

namespace parley::migrate {
namespace {

template <schema::Declared Row>
std::string select_text(std::string_view rest) {
  return fmt::format("SELECT {} FROM {} {}", join(schema::column_names<Row>(), ", "),
                     schema::table_name<Row>(), rest);
}

/// All columns except the generated one, when there is one: the engine fills that.
template <schema::Declared Row>
void insert(database::Connection& connection, const Row& row) {
  std::vector<std::string> names;
  std::vector<std::string> marks;
  std::vector<Value> values;
  schema::for_each_column<Row>([&](const auto& declared) {
    if (declared.is_auto_increment) return;
    names.emplace_back(declared.name);
    marks.emplace_back("?");
    values.push_back(schema::to_value(row.*(declared.member)));
  });
  connection
      .prepare(fmt::format("INSERT INTO {} ({}) VALUES ({})", schema::table_name<Row>(),
                           join(names, ", "), join(marks, ", ")))
      .execute(values);
}

constexpr std::string_view kEventLogTable = "event_log";

}  // namespace

bool has_event_log(const schema::Schema& live) {
  const schema::Table* const log = live.find_table(kEventLogTable);
  if (log == nullptr || log->columns.size() != 3) return false;
  return log->find_column("id") != nullptr && log->find_column("epoch") != nullptr &&
         log->find_column("last_offset") != nullptr;
}

template <schema::Declared Row>
std::vector<Row> Journal::select(std::string_view rest, std::initializer_list<Value> parameters) {
  try {
    database::Statement& statement = connection_.prepare(select_text<Row>(rest));
    statement.execute(parameters);
    std::vector<Row> rows;
    while (statement.next()) {
      rows.push_back(schema::row_from<Row>([&](int column) { return statement.value(column); }));
    }
    statement.reset();
    return rows;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::UnknownColumn) throw;
    return select_from_older<Row>(rest, parameters);
  }
}

/// Reads a table of an older program: a column that it has not is NULL, which is why every column
/// that came later may be.
template <schema::Declared Row>
std::vector<Row> Journal::select_from_older(std::string_view rest,
                                            std::initializer_list<Value> parameters) {
  database::Statement& statement =
      connection_.prepare(fmt::format("SELECT * FROM {} {}", schema::table_name<Row>(), rest));
  statement.execute(parameters);
  const auto names = schema::column_names<Row>();
  std::vector<Row> rows;
  while (statement.next()) {
    std::map<std::string, Value> values;
    for (int i = 0; i < statement.column_count(); ++i) {
      values.emplace(statement.column_name(i), statement.value(i));
    }
    rows.push_back(schema::row_from<Row>(
        [&](int column) { return values[names.at(static_cast<std::size_t>(column))]; }));
  }
  statement.reset();
  return rows;
}

/// A revision file, a statement and an error may be long: MySQL's TEXT ends at 64 KiB.
std::vector<schema::Table> Journal::own_tables() const {
  std::vector<schema::Table> tables = {schema::to_table<LockRow>(), schema::to_table<RevisionRow>(),
                                       schema::to_table<JournalRow>(), schema::to_table<StepRow>()};
  for (schema::Table& table : tables) {
    for (schema::Column& column : table.columns) {
      if (column.type == schema::text()) column.type = dialect_.long_text();
    }
  }
  return tables;
}

void Journal::change(const schema::Change& change, const schema::Schema& before) {
  for (const std::string& statement : dialect_.render(change, before)) {
    connection_.execute(statement);
  }
}

/// Messages, files and statements hold any text, whatever the character set of the database is.
void Journal::create(const schema::Table& table) {
  change(schema::CreateTable{table}, {});
  const std::string& name = dialect_.capabilities().name;
  if (marker_.is_table(table.name) || (name != "mysql" && name != "mariadb")) return;
  connection_.execute(fmt::format("ALTER TABLE {} CONVERT TO CHARACTER SET utf8mb4", table.name));
}

/// Only adds columns and widens types: an older program goes on working with the table.
void Journal::modernize(const schema::Schema& found, const schema::Table& wanted) {
  schema::Schema before{.tables = {*found.find_table(wanted.name)}};
  const auto target = dialect_.normalize(schema::Schema{.tables = {wanted}});
  for (const schema::Change& each : diff(before, target)) {
    const bool is_ours = std::holds_alternative<schema::AddColumn>(each) ||
                         std::holds_alternative<schema::AlterColumn>(each);
    if (!is_ours) continue;
    change(each, before);
    schema::apply(before, each);
  }
}

void Journal::create_tables() {
  std::vector<schema::Table> wanted = own_tables();
  if (const auto marker = marker_.table()) wanted.insert(wanted.begin(), *marker);
  std::set<std::string> names;
  for (const schema::Table& table : wanted) names.insert(table.name);
  const schema::Schema found = dialect_.inspect_tables(connection_, names);
  for (const schema::Table& table : wanted) {
    if (found.find_table(table.name) == nullptr) {
      create(table);
    } else if (!marker_.is_table(table.name)) {
      modernize(found, table);
    }
  }
}

std::optional<std::vector<RevisionRow>> Journal::applied() {
  try {
    return select<RevisionRow>("ORDER BY applied_at, revision", {});
  } catch (const Error& error) {
    if (error.code() == ErrorCode::UnknownTable) return std::nullopt;
    throw;
  }
}

void Journal::add_applied(const RevisionRow& row) {
  remove_applied(row.revision);
  insert(connection_, row);
}

void Journal::remove_applied(std::string_view revision) {
  connection_.prepare("DELETE FROM parley_revisions WHERE revision = ?")
      .execute({std::string(revision)});
}

std::int64_t Journal::begin(const JournalRow& row) {
  insert(connection_, row);
  const auto rows = database::query(connection_, "SELECT MAX(id) FROM parley_journal");
  return database::integer_of(rows.front().front());
}

void Journal::finish(std::int64_t id, std::int64_t steps_done, Timestamp now) {
  connection_
      .prepare(
          "UPDATE parley_journal SET finished_at = ?, steps_done = ?, error = NULL, row_count = "
          "(SELECT SUM(row_count) FROM parley_steps WHERE journal_id = ?) WHERE id = ?")
      .execute({schema::to_value(now), steps_done, id, id});
  connection_.prepare("DELETE FROM parley_steps WHERE journal_id = ?").execute({id});
}

void Journal::finish_failed(std::int64_t id, std::string_view error, Timestamp now) {
  finish(id, 0, now);
  note_error(id, error);
}

void Journal::note_error(std::int64_t id, std::string_view error) {
  connection_.prepare("UPDATE parley_journal SET error = ? WHERE id = ?")
      .execute({std::string(error), id});
}

std::optional<JournalRow> Journal::half_done() {
  try {
    auto rows = select<JournalRow>("ORDER BY id DESC LIMIT 1", {});
    if (rows.empty() || rows.front().finished_at || rows.front().revision.empty()) {
      return std::nullopt;
    }
    return std::move(rows.front());
  } catch (const Error& error) {
    if (error.code() == ErrorCode::UnknownTable) return std::nullopt;
    throw;
  }
}

std::vector<JournalRow> Journal::entries() { return select<JournalRow>("ORDER BY id", {}); }

void Journal::step_started(std::int64_t id, std::int64_t position, std::string_view statement,
                           Timestamp now) {
  insert(connection_, StepRow{.journal_id = id,
                              .position = position,
                              .statement = std::string(statement),
                              .started_at = now});
}

void Journal::step_finished(std::int64_t id, std::int64_t position, Timestamp now) {
  connection_
      .prepare("UPDATE parley_steps SET finished_at = ? WHERE journal_id = ? AND position = ?")
      .execute({schema::to_value(now), id, position});
}

void Journal::step_advanced(std::int64_t id, std::int64_t position, std::int64_t rows,
                            std::string_view resume_at) {
  connection_
      .prepare(
          "UPDATE parley_steps SET row_count = ?, resume_at = ? "
          "WHERE journal_id = ? AND position = ?")
      .execute({rows, std::string(resume_at), id, position});
}

std::vector<StepRow> Journal::steps(std::int64_t id) {
  return select<StepRow>("WHERE journal_id = ? ORDER BY position", {id});
}

std::optional<LockRow> Journal::lock_owner() {
  try {
    auto rows = select<LockRow>("WHERE id = 1", {});
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  } catch (const Error& error) {
    if (error.code() == ErrorCode::UnknownTable) return std::nullopt;
    throw;
  }
}

void Journal::set_lock_owner(const LockRow& row) {
  clear_lock_owner();
  insert(connection_, row);
}

void Journal::beat(std::string_view host, std::int64_t pid, Timestamp now) {
  connection_.prepare("UPDATE parley_lock SET heartbeat_at = ? WHERE host = ? AND pid = ?")
      .execute({schema::to_value(now), std::string(host), pid});
}

void Journal::renew_event_log() {
  connection_.prepare(fmt::format("UPDATE {} SET epoch = ?", kEventLogTable))
      .execute({make_uuid()});
}

void Journal::clear_lock_owner() { connection_.prepare("DELETE FROM parley_lock").execute(); }

}  // namespace parley::migrate
