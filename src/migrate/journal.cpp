#include "migrate/journal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

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

}  // namespace

template <schema::Declared Row>
std::vector<Row> Journal::select(std::string_view rest, std::initializer_list<Value> parameters) {
  database::Statement& statement = connection_.prepare(select_text<Row>(rest));
  statement.execute(parameters);
  std::vector<Row> rows;
  while (statement.next()) {
    rows.push_back(schema::row_from<Row>([&](int column) { return statement.value(column); }));
  }
  statement.reset();
  return rows;
}

bool Journal::has_table(std::string_view table) {
  try {
    database::query(connection_, fmt::format("SELECT 1 FROM {} WHERE 1 = 0", table));
    return true;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::UnknownTable) return false;
    throw;
  }
}

void Journal::create_table(const schema::Table& table) {
  for (const std::string& statement : dialect_.render(schema::CreateTable{table}, {})) {
    connection_.execute(statement);
  }
}

void Journal::create_tables() {
  if (const auto table = marker_.table(); table && !has_table(table->name)) create_table(*table);
  for (const schema::Table& table : {schema::to_table<LockRow>(), schema::to_table<RevisionRow>(),
                                     schema::to_table<JournalRow>(), schema::to_table<StepRow>()}) {
    if (!has_table(table.name)) create_table(table);
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
          "UPDATE parley_journal SET finished_at = ?, steps_done = ?, error = NULL WHERE id = ?")
      .execute({schema::to_value(now), steps_done, id});
  connection_.prepare("DELETE FROM parley_steps WHERE journal_id = ?").execute({id});
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
                              .started_at = now,
                              .finished_at = std::nullopt});
}

void Journal::step_finished(std::int64_t id, std::int64_t position, Timestamp now) {
  connection_
      .prepare("UPDATE parley_steps SET finished_at = ? WHERE journal_id = ? AND position = ?")
      .execute({schema::to_value(now), id, position});
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

void Journal::clear_lock_owner() { connection_.prepare("DELETE FROM parley_lock").execute(); }

}  // namespace parley::migrate
