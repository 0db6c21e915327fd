#include "migrate/deployment.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "base/text_diff.h"
#include "migrate/adoption.h"
#include "migrate/drift_decision.h"
#include "migrate/scratch.h"

namespace parley::migrate {
namespace {

/// `--module live_agent`, or nothing in a user's own project.
std::string module_option(const NamespaceDefinition& definition) {
  return definition.name.empty() ? "" : " --module " + definition.name;
}

}  // namespace

Deployment::Deployment(database::Connection& connection, const NamespaceDefinition& definition,
                       const Clock& clock)
    : connection_(connection),
      dialect_(dialect::dialect_of(connection)),
      definition_(definition),
      clock_(clock),
      journal_(connection, dialect_, definition_.marker) {}

schema::Schema Deployment::live() const {
  return without_engine_tables(dialect_.inspect(connection_), definition_.marker);
}

schema::Schema Deployment::live(const std::set<std::string>& tables) const {
  return without_engine_tables(dialect_.inspect_tables(connection_, tables), definition_.marker);
}

State Deployment::state() {
  State state;
  const auto rows = journal_.applied();
  const auto marker = journal_.marker();
  state.has_engine_tables = rows.has_value();
  if (rows) {
    require_unchanged(*rows);
    for (const RevisionRow& row : *rows) state.applied.insert(row.revision);
  }
  const auto recorded_core = definition_.graph.marker(state.applied, definition_.core().name);
  if (marker && recorded_core.empty() && is_of_other_branch(*marker)) {
    state.other_branch = *marker;
  } else if (marker && recorded_core.empty()) {
    state.applied.merge(applied_by_marker(*marker));
  } else if (marker && !agrees(*marker, state.applied)) {
    throw Error(
        ErrorCode::SchemaDrift,
        fmt::format("{} says {}, but the journal says {}", definition_.marker.object(),
                    marker->empty() ? "base" : join(*marker, ", "), join(recorded_core, ", ")),
        fmt::format("Another tool moved the marker. Say what is true: parley db stamp --purge "
                    "REVISION{}",
                    module_option(definition_)));
  }
  const auto is_core = [&](const std::string& id) {
    return definition_.graph.find(id)->history == definition_.core().name;
  };
  if (std::ranges::any_of(state.applied, is_core)) {
    state.standing = Standing::Recorded;
  } else if (has_tables_of_core(live())) {
    state.standing = Standing::Unmarked;
  } else {
    state.standing = state.applied.empty() ? Standing::Empty : Standing::Recorded;
  }
  return state;
}

State Deployment::state_without(const std::string& forgotten) {
  State state{.standing = Standing::Recorded};
  const auto rows = journal_.applied();
  state.has_engine_tables = rows.has_value();
  if (!rows) return state;
  for (const RevisionRow& row : *rows) {
    const Revision* revision = definition_.graph.find(row.revision);
    if (revision != nullptr && revision->history != forgotten) state.applied.insert(row.revision);
  }
  return state;
}

/// The marker may hold a revision that another one of it implies; Alembic reads it the same way.
bool Deployment::agrees(const std::vector<std::string>& marker, const Applied& applied) const {
  const auto is_unknown = [&](const auto& id) { return definition_.graph.find(id) == nullptr; };
  if (std::ranges::any_of(marker, is_unknown)) return false;
  const std::string& core = definition_.core().name;
  return definition_.graph.marker(applied_by_marker(marker), core) ==
         definition_.graph.marker(applied, core);
}

void Deployment::require_unchanged(const std::vector<RevisionRow>& rows) const {
  for (const RevisionRow& row : rows) {
    const Revision* revision = definition_.graph.find(row.revision);
    if (revision == nullptr) {
      throw Error(
          ErrorCode::DatabaseNewer,
          fmt::format("Can't locate revision identified by '{}': it was applied by parley {}, "
                      "and this program does not know it",
                      row.revision, row.tool_version),
          "Use that version or a newer one with this database.");
    }
    if (row.checksum_version == kChecksumVersion && row.checksum != checksum_of(*revision)) {
      throw Error(ErrorCode::HistoryChanged,
                  fmt::format("{} was edited after it had been applied at {}:\n{}", revision->file,
                              format_sql(row.applied_at),
                              unified_diff(row.content, to_yaml(*revision), "as it was applied",
                                           "as it is now")),
                  "Undo the edit, and write a new revision for what should change.");
    }
  }
}

/// True when the marker is of a history that we do not have and the tables show where it and ours
/// part: the common ones are there with all their columns, and nothing that came later in ours.
bool Deployment::is_of_other_branch(const std::vector<std::string>& marker) const {
  const auto& common = definition_.adoption.common_tables;
  const auto is_known = [&](const auto& id) { return definition_.graph.find(id) != nullptr; };
  if (common.empty() || marker.empty() || std::ranges::any_of(marker, is_known)) return false;
  const schema::Schema found = live();
  return std::ranges::all_of(definition_.core().declared_tables, [&](const schema::Table& table) {
    const schema::Table* other = found.find_table(table.name);
    if (std::ranges::find(common, table.name) == common.end()) return other == nullptr;
    return other != nullptr && std::ranges::all_of(table.columns, [&](const auto& column) {
             return other->find_column(column.name) != nullptr;
           });
  });
}

Applied Deployment::applied_by_marker(const std::vector<std::string>& marker) const {
  Applied applied;
  for (const std::string& id : marker) {
    if (definition_.graph.find(id) == nullptr) {
      if (definition_.marker.kind == MarkerKind::SchemaVersion) {
        throw Error(ErrorCode::DatabaseNewer,
                    fmt::format("schema_version is {}: made by a newer program", id),
                    "Use that program or a newer one with this database. Nothing was changed.");
      }
      throw Error(
          ErrorCode::RevisionNotFound, fmt::format("Can't locate revision identified by '{}'", id),
          fmt::format("{} of this database belongs to another history. Nothing was changed.",
                      definition_.marker.object()));
    }
    applied.merge(definition_.graph.with_ancestors(id));
  }
  return applied;
}

bool Deployment::has_tables_of_core(const schema::Schema& live) const {
  const auto& core = definition_.core().declared_tables;
  return std::ranges::any_of(
      core, [&](const schema::Table& table) { return live.find_table(table.name) != nullptr; });
}

schema::Schema Deployment::recorded(const State& state) const {
  Applied applied = state.applied;
  if (state.standing == Standing::Unmarked) {
    for (const std::string& head : definition_.graph.heads(definition_.core().name)) {
      applied.merge(definition_.graph.with_ancestors(head));
    }
  }
  return dialect_.normalize(definition_.graph.replay(applied));
}

DriftReport Deployment::drift(const State& state) { return drift(state, live()); }

DriftReport Deployment::drift(const State& state, const schema::Schema& live) const {
  const schema::Schema wanted = settle(connection_, live, recorded(state));
  DriftReport report =
      judged(compare(live, wanted, dialect_), live, wanted, definition_.adoption, dialect_);
  note_ignored(report, definition_.ignored);
  if (state.standing == Standing::Unmarked) {
    const auto heads = definition_.graph.heads(definition_.core().name);
    Difference marker{.level = Level::Missing,
                      .object = std::string(definition_.marker.object()),
                      .expected = join(heads, ", "),
                      .found = "nothing",
                      .fix = std::nullopt};
    if (!state.other_branch.empty()) {
      marker.level = Level::Note;
      marker.found = join(state.other_branch, ", ");
      marker.reason = "of another branch; the tables are compared by shape";
    }
    report.differences.insert(report.differences.begin(), std::move(marker));
  }
  return report;
}

std::vector<const Revision*> Deployment::pending(const State& state) const {
  std::vector<const Revision*> pending;
  Applied applied = state.applied;
  for (const HistoryDefinition& history : definition_.histories) {
    for (const Revision* revision :
         definition_.graph.upgrade_path(definition_.graph.heads(history.name), applied)) {
      pending.push_back(revision);
      applied.insert(revision->id);
    }
  }
  return pending;
}

}  // namespace parley::migrate
