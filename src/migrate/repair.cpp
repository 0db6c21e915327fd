#include "migrate/repair.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "dialect/probe.h"
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

/// True when the change would refuse rows that are there: NOT NULL on a column that holds NULLs.
bool is_refused_by_rows(Deployment& deployment, const Schema& live, const Change& change) {
  const auto* alter = std::get_if<AlterColumn>(&change);
  if (alter == nullptr || alter->column.nullable) return false;
  const Column& found = *live.find_table(alter->table)->find_column(alter->column.name);
  return found.nullable && dialect::has_nulls(deployment.connection(), alter->table, found.name);
}

std::vector<Change> fixes_of(Deployment& deployment, const DriftReport& report,
                             const Schema& live) {
  std::vector<Change> fixes;
  for (const Difference& difference : report.differences) {
    if (difference.fix && !is_refused_by_rows(deployment, live, *difference.fix)) {
      fixes.push_back(*difference.fix);
    }
  }
  return fixes;
}

/// Differences that keep the code from working and that no fix mends. The marker of an unmarked
/// namespace is mended by recording it, and is not one of them.
DriftReport unmendable(const DriftReport& report, std::string_view marker) {
  DriftReport left;
  for (const Difference& difference : report.differences) {
    const bool blocks = difference.level == Level::Missing || difference.level == Level::Wrong;
    if (blocks && !difference.fix && difference.object != marker) {
      left.differences.push_back(difference);
    }
  }
  return left;
}

}  // namespace

std::vector<std::string> repair(Deployment& deployment, const ExecuteOptions& options) {
  Session session(deployment, options);
  if (session.state().standing == Standing::Empty) return {};
  const DriftReport report = deployment.drift(session.state());
  if (const DriftReport left = unmendable(report, deployment.definition().marker.object());
      !left.differences.empty()) {
    const Error drift = drift_error(left, deployment.definition());
    throw Error(ErrorCode::SchemaDrift, drift.what(),
                "repair never changes the type of a column or drops one: do this by hand or in a "
                "new revision.");
  }
  const Schema live = deployment.live();
  const auto fixes = fixes_of(deployment, report, live);
  const bool is_unmarked = session.state().standing == Standing::Unmarked;
  if (fixes.empty() && !is_unmarked) return {};

  session.begin_writing();
  std::vector<std::string> done;
  if (!fixes.empty()) {
    run(deployment, plan(fixes, live, deployment.dialect()),
        Task{.action = "repair", .tool_version = options.tool_version, .record = [] {}});
    for (const Change& fix : fixes) done.push_back(done_text(fix));
  }
  if (is_unmarked) {
    const std::string& core = deployment.definition().core().name;
    session.record_stamp(session.graph().heads(core), core);
    done.push_back("Recorded revision " + join(session.graph().heads(core), ", "));
  }
  return done;
}

}  // namespace parley::migrate
