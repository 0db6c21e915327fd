#include "migrate/local_times.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "dialect/probe.h"
#include "migrate/plan.h"
#include "migrate/progress.h"
#include "migrate/run.h"
#include "migrate/session.h"

namespace parley::migrate {
namespace {

using namespace schema;

constexpr std::string_view kAction = "local times";

/// The SQL of one engine for `time`, moved by so many seconds. SQLite keeps the fraction, which its
/// functions would cut to milliseconds.
std::string moved(const std::string& time, std::chrono::seconds by, std::string_view engine) {
  const auto seconds = by.count();
  if (engine == "sqlite") {
    return fmt::format("datetime(substr({0}, 1, 19), '{1:+} seconds') || substr({0}, 20)", time,
                       seconds);
  }
  if (engine == "postgresql") return fmt::format("{} + INTERVAL '{} seconds'", time, seconds);
  return fmt::format("{} + INTERVAL {} SECOND", time, seconds);
}

std::string by_stretch(const std::string& column, const std::vector<LocalStretch>& stretches,
                       std::string_view engine) {
  // Both forms are there, with a `T` and with a blank.
  const std::string comparable =
      engine == "sqlite" ? fmt::format("replace({}, 'T', ' ')", column) : column;
  std::string text;
  for (const LocalStretch& stretch : stretches) {
    const std::string value = moved(column, -stretch.ahead_of_utc, engine);
    if (stretch.end) {
      text += fmt::format(" WHEN {} < '{}' THEN {}", comparable, format_sql(*stretch.end), value);
    } else {
      text = text.empty() ? value : fmt::format("CASE{} ELSE {} END", text, value);
    }
  }
  return text;
}

/// SQLite takes any text for a time: one that names its zone, or is none, stays.
std::string in_utc(const std::string& column, const std::vector<LocalStretch>& stretches,
                   std::string_view engine) {
  const std::string converted = by_stretch(column, stretches, engine);
  if (engine != "sqlite") return converted;
  return fmt::format(
      "CASE WHEN substr({0}, 20) GLOB '*[-+Zz]*' THEN {0} ELSE COALESCE({1}, {0}) END", column,
      converted);
}

bool is_naive_time(const Column& column) {
  return column.type.kind == TypeKind::DateTime && !column.type.with_time_zone && !column.generated;
}

/// A live table, and the columns in question.
struct TimesTable {
  Table table;
  std::set<std::string> columns;
};

struct Zone {
  std::string name;
  std::vector<LocalStretch> stretches;
};

class Conversion {
 public:
  Conversion(Deployment& deployment, const TimesTable& times, const Zone& zone,
             const ExecuteOptions& options)
      : deployment_(deployment),
        table_(times.table),
        columns_(times.columns),
        zone_(zone),
        options_(options) {}

  /// One statement for all columns, so that a table is converted or not.
  void run(const schema::Schema& live) {
    std::vector<Change> changes;
    const bool rests = deployment_.dialect().capabilities().transactional_ddl;
    if (rests) add_moving(changes, Moving::Off);
    changes.emplace_back(Execute{.texts = {text("sqlite"), text("postgresql"), text("mysql")}});
    if (rests) add_moving(changes, Moving::On);
    migrate::run(deployment_, plan(changes, live, deployment_.dialect()),
                 Task{.action = std::string(kAction),
                      .content = fmt::format("{}: {}", table_.name, zone_.name),
                      .tool_version = options_.tool_version,
                      .record = [] {},
                      .options = options_});
  }

 private:
  enum class Moving { Off, On };

  /// To correct a time is no change of the row. On MySQL a column that is set does not move.
  void add_moving(std::vector<Change>& changes, Moving moving) const {
    for (Column column : table_.columns) {
      if (!column.on_update_now) continue;
      column.on_update_now = moving == Moving::On;
      changes.emplace_back(AlterColumn{table_.name, column});
    }
  }

  SqlText text(std::string_view engine) const {
    const dialect::Dialect& dialect = deployment_.dialect();
    std::vector<std::string> assignments;
    for (const Column& column : table_.columns) {
      const std::string name = dialect.quote(column.name);
      if (columns_.contains(column.name)) {
        assignments.push_back(fmt::format("{} = {}", name, in_utc(name, zone_.stretches, engine)));
      } else if (column.on_update_now) {
        assignments.push_back(fmt::format("{0} = {0}", name));
      }
    }
    return {std::string(engine),
            fmt::format("UPDATE {} SET {}", dialect.quote(table_.name), join(assignments, ", "))};
  }

  Deployment& deployment_;
  const Table& table_;
  const std::set<std::string>& columns_;
  const Zone& zone_;
  const ExecuteOptions& options_;
};

/// What the original wrote: an engine that cannot keep a zone shows other times alike, and only the
/// declaration tells them apart.
std::vector<TimesTable> tables_with_times(const Deployment& deployment,
                                          const schema::Schema& live) {
  std::vector<TimesTable> tables;
  for (const Table& declared : deployment.definition().core().declared_tables) {
    const Table* table = live.find_table(declared.name);
    if (table == nullptr) continue;
    TimesTable times{.table = *table, .columns = {}};
    for (const Column& column : declared.columns) {
      const Column* found = table->find_column(column.name);
      const bool is_naive = found != nullptr && is_naive_time(column) && is_naive_time(*found);
      if (is_naive) times.columns.insert(column.name);
    }
    if (!times.columns.empty()) tables.push_back(std::move(times));
  }
  if (!tables.empty()) return tables;
  throw Error(ErrorCode::InvalidArgument,
              "There are no columns of times without a zone that another program may have written",
              "--legacy-timezone is for databases of live_agent and chat.");
}

/// The zone that the table was converted from; empty when it was not. An entry that was not closed
/// counts when its statement came through.
std::string zone_before(Journal& journal, const std::string& table) {
  for (const JournalRow& entry : journal.entries()) {
    if (entry.action != kAction || !entry.content.starts_with(table + ": ")) continue;
    const auto is_done = [](const StepRow& step) { return step.finished_at.has_value(); };
    const bool is_converted =
        entry.finished_at ? !entry.error : std::ranges::any_of(journal.steps(entry.id), is_done);
    if (is_converted) return entry.content.substr(table.size() + 2);
  }
  return {};
}

}  // namespace

std::vector<std::string> convert_local_times(Deployment& deployment, const std::string& zone,
                                             const ExecuteOptions& options) {
  const Zone rules{.name = zone, .stretches = local_stretches(zone, deployment.clock().now())};
  Session session(deployment, options);
  const schema::Schema live = session.live();
  const auto tables = tables_with_times(deployment, live);
  session.begin_writing();
  std::vector<std::string> done;
  for (const TimesTable& times : tables) {
    const Table& table = times.table;
    const std::string before = zone_before(deployment.journal(), table.name);
    if (!before.empty() && before != zone) {
      throw Error(
          ErrorCode::RefusedForSafety,
          fmt::format("The times of {} were converted from {} to UTC already", table.name, before),
          "A second conversion would move them again. Restore a backup to take it back.");
    }
    if (!before.empty()) continue;
    const std::int64_t rows = dialect::count_rows(deployment.connection(), table.name);
    Conversion(deployment, times, rules, options).run(live);
    done.push_back(fmt::format("Converted the times of {} rows of {} from {} to UTC", grouped(rows),
                               table.name, zone));
  }
  return done;
}

}  // namespace parley::migrate
