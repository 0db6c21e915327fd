#include "migrate/repair.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "migrate/plan.h"
#include "migrate/run.h"
#include "migrate/session.h"

namespace parley::migrate {
namespace {

using namespace schema;

/// What was done, in the past tense, as source-control logs and people read it.
std::string done_text(const Change& change) {
  const auto text = [](std::string_view verb, const auto&... parts) {
    std::string line = std::string(verb) + " ";
    ((line += parts), ...);
    return line;
  };
  return std::visit(
      overloaded{
          [&](const CreateTable& c) { return text("Created table", c.table.name); },
          [&](const DropTable& c) { return text("Dropped table", c.table); },
          [&](const RenameTable& c) { return text("Renamed table", c.table, " to ", c.new_name); },
          [&](const AddColumn& c) { return text("Added column", c.table, ".", c.column.name); },
          [&](const DropColumn& c) { return text("Dropped column", c.table, ".", c.column); },
          [&](const AlterColumn& c) {
            return text("Corrected column", c.table, ".", c.column.name);
          },
          [&](const RenameColumn& c) { return text("Renamed column", c.table, ".", c.column); },
          [&](const CreateIndex& c) {
            return text("Created index", c.index.name, " on ", c.table);
          },
          [&](const DropIndex& c) { return text("Dropped index", c.index, " on ", c.table); },
          [&](const AddPrimaryKey& c) { return text("Added primary key of", c.table); },
          [&](const DropPrimaryKey& c) { return text("Dropped primary key of", c.table); },
          [&](const AddUnique& c) { return text("Added unique key on", c.table); },
          [&](const DropUnique& c) { return text("Dropped unique key on", c.table); },
          [&](const AddCheck& c) { return text("Added check", c.check.name, " on ", c.table); },
          [&](const DropCheck& c) { return text("Dropped check", c.check, " on ", c.table); },
          [&](const AddForeignKey& c) {
            return text("Added foreign key from", c.table, " to ", c.foreign_key.referenced_table);
          },
          [&](const DropForeignKey& c) { return text("Dropped foreign key of", c.table); },
          [&](const RenameIndex& c) {
            return text("Renamed index", c.index, " on ", c.table, " to ", c.new_name);
          },
          [&](const CreateView& c) { return text("Created view", c.view.name); },
          [&](const DropView& c) { return text("Dropped view", c.view); },
          [&](const ReplaceView& c) { return text("Corrected view", c.view.name); },
          [&](const CreateTrigger& c) {
            return text("Created trigger", c.trigger.name, " on ", c.trigger.table);
          },
          [&](const DropTrigger& c) { return text("Dropped trigger", c.trigger, " on ", c.table); },
          [&](const ReplaceTrigger& c) {
            return text("Corrected trigger", c.trigger.name, " on ", c.trigger.table);
          },
          [&](const CreateEnum& c) { return text("Created enum", c.enumeration.name); },
          [&](const AlterEnum& c) { return text("Corrected enum", c.enumeration.name); },
          [&](const DropEnum& c) { return text("Dropped enum", c.enumeration); },
          [&](const SetComment& c) { return text("Set comment of", c.table); },
          [&](const SetTableOptions& c) { return text("Corrected options of table", c.table); },
          [&](const Backfill& c) { return text("Filled columns of", c.table); },
          [&](const Execute&) { return std::string("Executed SQL"); },
      },
      change);
}

using Heads = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// What must be recorded of each history so that it says what the database stands on.
Heads unrecorded_heads(const NamespaceDefinition& definition, const State& recorded,
                       const State& found) {
  Heads unrecorded;
  for (const HistoryDefinition& history : definition.histories) {
    auto heads = definition.graph.newest(found.applied, history.name);
    const bool is_unmarked_core =
        found.standing == Standing::Unmarked && history.name == definition.core().name;
    if (is_unmarked_core) heads = definition.graph.heads(history.name);
    if (heads != definition.graph.newest(recorded.applied, history.name)) {
      unrecorded.emplace_back(history.name, heads);
    }
  }
  return unrecorded;
}

std::string recorded_text(const NamespaceDefinition& definition, const std::string& history,
                          const std::vector<std::string>& heads) {
  const bool is_version =
      definition.marker.kind == MarkerKind::SchemaVersion && history == definition.core().name;
  return (is_version ? "Schema version updated to " : "Recorded revision ") + join(heads, ", ");
}

/// One pass: what it adds may show rows to mend that could not be looked at before.
std::vector<std::string> repair_once(Deployment& deployment, const ExecuteOptions& options,
                                     const RepairOptions& how) {
  Session session(deployment, options);
  if (session.state().standing == Standing::Empty) return {};
  const NamespaceDefinition& definition = deployment.definition();
  Examination found = examine(deployment, session.state());
  if (!how.only.empty()) found.keep_only(how.only);
  require_mendable(found, definition);
  const auto mends = plan_repair(deployment, found, how);
  const auto unrecorded = unrecorded_heads(definition, session.state(), found.state);
  if (mends.empty() && unrecorded.empty()) return {};

  session.begin_writing();
  const auto record = [&] {
    for (const auto& [history, heads] : unrecorded) {
      session.record_stamp(session.graph().stamped(heads, session.state().applied, history));
    }
  };
  std::vector<std::string> done;
  if (mends.empty()) {
    record();
  } else {
    std::vector<Change> changes;
    for (const Mend& mend : mends) changes.push_back(mend.change);
    run(deployment, plan(changes, found.live, deployment.dialect()),
        Task{.action = "repair",
             .tool_version = options.tool_version,
             .record = record,
             .options = options});
    for (const Mend& mend : mends) {
      const std::string line = mend.said ? *mend.said : done_text(mend.change);
      if (!line.empty()) done.push_back(line);
    }
  }
  for (const auto& [history, heads] : unrecorded) {
    done.push_back(recorded_text(definition, history, heads));
  }
  if (mends.empty()) session.note({.action = "repair", .content = join(done, "\n")});
  return done;
}

}  // namespace

std::vector<std::string> repair(Deployment& deployment, const ExecuteOptions& options,
                                const RepairOptions& how) {
  constexpr int kPassesMax = 3;
  std::vector<std::string> done;
  for (int pass = 0; pass < kPassesMax; ++pass) {
    auto more = repair_once(deployment, options, how);
    if (more.empty()) break;
    std::ranges::move(more, std::back_inserter(done));
  }
  return done;
}

void require_mendable(const Examination& found, const NamespaceDefinition& definition) {
  const DriftReport left = found.unmendable(definition.marker);
  if (left.differences.empty()) return;
  const Error drift = drift_error(left, definition);
  throw Error(ErrorCode::SchemaDrift, drift.what(),
              "repair never changes the type of a column or drops one: do this by hand or in a new "
              "revision. Nothing was changed.");
}

}  // namespace parley::migrate
