#pragma once

// What the engine writes down in every namespace, in tables of its own beside the user's: which
// revisions are applied (`parley_revisions`), what was ever done (`parley_journal`, never deleted
// from), how far a step-by-step run came (`parley_steps`), who holds the lock (`parley_lock`), and
// the marker that other tools read (`migrate/marker.h`). Tables that an older program made, with
// fewer columns, are read as they are and brought to today's shape by the next run that writes. All
// SQL of the migrate layer is here. One thread: that of the connection.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "database/connection.h"
#include "dialect/dialect.h"
#include "migrate/marker.h"
#include "schema/declare.h"

namespace parley::migrate {

struct RevisionRow {
  std::string revision;
  std::string history;
  std::string checksum;
  std::int64_t checksum_version = 0;
  std::string content;  ///< The YAML that was applied, so that a later edit can be shown.
  std::string tool_version;
  Timestamp applied_at;
};

struct JournalRow {
  std::int64_t id = 0;
  std::string history;
  std::string revision;  ///< Empty for a repair.
  std::string action;    ///< `upgrade`, `downgrade`, `stamp`, `adopt`, `repair`, `apply`…
  std::string content;
  std::string who;
  std::string host;
  std::string tool_version;
  Timestamp started_at;
  std::optional<Timestamp> finished_at;
  std::int64_t steps_total = 0;
  std::int64_t steps_done = 0;
  std::optional<std::string> error;
  std::optional<std::string> checksum;           ///< Of `content`; nothing for a repair.
  std::optional<std::int64_t> checksum_version;  ///< Of the algorithm behind it.
  std::optional<std::int64_t> rows;              ///< That its backfills went through.
};

struct StepRow {
  std::int64_t journal_id = 0;
  std::int64_t position = 0;  ///< Statements are counted from 0.
  std::string statement;
  Timestamp started_at;
  std::optional<Timestamp> finished_at;
  std::optional<std::int64_t> rows;      ///< Of a backfill: gone through so far.
  std::optional<std::string> resume_at;  ///< Of a backfill: the key of the last row done, as JSON.
};

struct LockRow {
  std::int64_t id = 0;  ///< Always 1: there is one lock.
  std::string who;
  std::string host;
  std::int64_t pid = 0;
  Timestamp taken_at;
  std::optional<Timestamp> heartbeat_at;  ///< The owner's last sign of life.
};

}  // namespace parley::migrate

template <>
inline constexpr auto parley::schema::declaration<parley::migrate::RevisionRow> = [] {
  using Row = parley::migrate::RevisionRow;
  return table<Row>("parley_revisions",
                    columns(column<&Row::revision>("revision", word::string(64)).primary_key(),
                            column<&Row::history>("history", word::string(128)),
                            column<&Row::checksum>("checksum", word::string(64)),
                            column<&Row::checksum_version>("checksum_version", word::integer()),
                            column<&Row::content>("content", word::text()),
                            column<&Row::tool_version>("tool_version", word::string(64)),
                            column<&Row::applied_at>("applied_at", word::datetime())));
}();

template <>
inline constexpr auto parley::schema::declaration<parley::migrate::JournalRow> = [] {
  using Row = parley::migrate::JournalRow;
  return table<Row>("parley_journal",
                    columns(column<&Row::id>("id", word::integer()).primary_key().auto_increment(),
                            column<&Row::history>("history", word::string(128)),
                            column<&Row::revision>("revision", word::string(64)),
                            column<&Row::action>("action", word::string(16)),
                            column<&Row::content>("content", word::text()),
                            column<&Row::who>("who", word::string(255)),
                            column<&Row::host>("host", word::string(255)),
                            column<&Row::tool_version>("tool_version", word::string(64)),
                            column<&Row::started_at>("started_at", word::datetime()),
                            nullable<&Row::finished_at>("finished_at", word::datetime()),
                            column<&Row::steps_total>("steps_total", word::integer()),
                            column<&Row::steps_done>("steps_done", word::integer()),
                            nullable<&Row::error>("error", word::text()),
                            nullable<&Row::checksum>("checksum", word::string(64)),
                            nullable<&Row::checksum_version>("checksum_version", word::integer()),
                            nullable<&Row::rows>("row_count", word::big_integer())));
}();

template <>
inline constexpr auto parley::schema::declaration<parley::migrate::StepRow> = [] {
  using Row = parley::migrate::StepRow;
  return table<Row>("parley_steps",
                    columns(column<&Row::journal_id>("journal_id", word::integer()).primary_key(),
                            column<&Row::position>("position", word::integer()).primary_key(),
                            column<&Row::statement>("statement", word::text()),
                            column<&Row::started_at>("started_at", word::datetime()),
                            nullable<&Row::finished_at>("finished_at", word::datetime()),
                            nullable<&Row::rows>("row_count", word::big_integer()),
                            nullable<&Row::resume_at>("resume_at", word::text())));
}();

template <>
inline constexpr auto parley::schema::declaration<parley::migrate::LockRow> = [] {
  using Row = parley::migrate::LockRow;
  return table<Row>("parley_lock",
                    columns(column<&Row::id>("id", word::integer()).primary_key(),
                            column<&Row::who>("who", word::string(255)),
                            column<&Row::host>("host", word::string(255)),
                            column<&Row::pid>("pid", word::big_integer()),
                            column<&Row::taken_at>("taken_at", word::datetime()),
                            nullable<&Row::heartbeat_at>("heartbeat_at", word::datetime())));
}();

namespace parley::migrate {

/// True when the schema has the table in which a store keeps where its event log ends.
bool has_event_log(const schema::Schema& live);

class Journal {
 public:
  /// Connection and dialect must outlive the journal.
  Journal(database::Connection& connection, const dialect::Dialect& dialect, Marker marker = {})
      : connection_(connection), dialect_(dialect), marker_(std::move(marker)) {}

  /// Creates those of the engine's tables that are missing, and gives those of an older program
  /// the columns and types they lack. Requires: the lock is held, no transaction.
  void create_tables();

  /// The applied revisions; nothing when the engine's tables are not there. Reads only.
  std::optional<std::vector<RevisionRow>> applied();
  void add_applied(const RevisionRow& row);
  void remove_applied(std::string_view revision);

  /// The ids in the native marker; nothing when its table is not there. Reads only.
  std::optional<std::vector<std::string>> marker() { return marker_.read(connection_); }
  /// Makes the marker hold exactly these ids.
  void set_marker(const std::vector<std::string>& revisions) {
    marker_.write(connection_, revisions);
  }

  /// Writes the row (its id is ignored) and gives its new id.
  std::int64_t begin(const JournalRow& row);
  /// Closes the entry and forgets its steps.
  void finish(std::int64_t id, std::int64_t steps_done, Timestamp now);
  /// Closes the entry of a run that failed and left nothing behind.
  void finish_failed(std::int64_t id, std::string_view error, Timestamp now);
  /// Leaves the entry unfinished, so that running again continues it, and notes why it stopped.
  void note_error(std::int64_t id, std::string_view error);

  /// The newest entry, if it is a revision that was neither finished nor rolled back: what a killed
  /// or failed run left. A repair is not continued but planned afresh from what is there. Reads
  /// only.
  std::optional<JournalRow> half_done();
  std::vector<JournalRow> entries();  ///< All, oldest first.

  void step_started(std::int64_t id, std::int64_t position, std::string_view statement,
                    Timestamp now);
  void step_finished(std::int64_t id, std::int64_t position, Timestamp now);
  /// How far a backfill came: goes into the transaction of the batch that it tells of.
  void step_advanced(std::int64_t id, std::int64_t position, std::int64_t rows,
                     std::string_view resume_at);
  std::vector<StepRow> steps(std::int64_t id);

  /// The owner row that the last holder of the lock left; nothing when it was given back or there
  /// is no table.
  std::optional<LockRow> lock_owner();
  void set_lock_owner(const LockRow& row);
  /// Notes that the owner `pid` on `host` is alive.
  void beat(std::string_view host, std::int64_t pid, Timestamp now);
  void clear_lock_owner();

  /// Gives the event log of the namespace another epoch (src/store/tables.h), so that whoever holds
  /// a place in the log of before is told that it is gone. Requires: `has_event_log`.
  void renew_event_log();

 private:
  std::vector<schema::Table> own_tables() const;
  void change(const schema::Change& change, const schema::Schema& before);
  void create(const schema::Table& table);
  void modernize(const schema::Schema& found, const schema::Table& wanted);
  template <schema::Declared Row>
  std::vector<Row> select(std::string_view rest, std::initializer_list<Value> parameters);
  template <schema::Declared Row>
  std::vector<Row> select_from_older(std::string_view rest,
                                     std::initializer_list<Value> parameters);

  database::Connection& connection_;
  const dialect::Dialect& dialect_;
  Marker marker_;
};

}  // namespace parley::migrate
