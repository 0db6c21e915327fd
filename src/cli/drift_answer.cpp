#include "cli/drift_answer.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/clock.h"
#include "base/error.h"
#include "cli/new_revision.h"
#include "migrate/drift_decision.h"
#include "migrate/repair_plan.h"

namespace parley::cli {
namespace {

void require_sense(const DriftAnswer& answer) {
  if (answer.adopts && answer.ignores) {
    throw Error(ErrorCode::InvalidArgument, "--adopt and --ignore are two answers",
                "Give one of them, and the differences that are meant.");
  }
  if (answer.ignores && answer.objects.empty()) {
    throw Error(ErrorCode::InvalidArgument, "--ignore needs the differences that are meant",
                "`parley db verify --json` gives their names as `object`: orders.note, index ix_a "
                "on orders.");
  }
}

app::Target project(const DbOptions& options) {
  app::Target target = app::only_namespace(options.where());
  if (target.definition.name.empty()) return target;
  throw Error(ErrorCode::InvalidArgument,
              fmt::format("The revisions of {} are part of this program", target.definition.name),
              "Its drift can only be mended: parley db repair without --adopt and --ignore.");
}

void ignore(const app::Target& target, const DriftAnswer& answer, Output& output) {
  for (const std::string& object : answer.objects) {
    migrate::write_ignored_drift(target.directory, {object, answer.reason});
    output.line("✓ Ignored from now on: {}", object);
    output.list("ignored").emplace_back(object);
  }
}

void require_nothing_pending(const migrate::Deployment& deployment, const migrate::State& state) {
  if (deployment.pending(state).empty()) return;
  throw Error(
      ErrorCode::NotUpToDate, "Target database is not up to date.",
      "The new revision would come behind those that are pending: parley db upgrade first.");
}

/// With some differences left, the whole schema is not yet that of the revision: what was meant is
/// what must be in step.
void record(const std::string& revision, const DriftAnswer& answer, const DbOptions& options,
            const migrate::ExecuteOptions& execution) {
  const app::Target target = project(options);
  const auto opened = target.open_existing();
  migrate::Deployment& deployment = opened->deployment();
  migrate::StampRequest request{.expressions = {revision}};
  if (!answer.objects.empty()) {
    migrate::State state = deployment.state();
    state.applied.insert(revision);
    const auto left = migrate::changes_of_drift(deployment, migrate::drift_ends(deployment, state),
                                                {}, answer.objects);
    if (!left.empty()) {
      throw Error(ErrorCode::SchemaDrift,
                  "A revision cannot say exactly what is there: " + schema::describe(left.front()),
                  "Leave it alone with --ignore --reason TEXT, or write the revision by hand.");
    }
    request.check = migrate::StampCheck::Force;
  }
  migrate::stamp(deployment, request, execution);
}

void adopt(const app::Target& target, const DriftAnswer& answer, const DbOptions& options,
           const migrate::ExecuteOptions& execution, Output& output) {
  const auto opened = target.open_existing();
  migrate::Deployment& deployment = opened->deployment();
  const migrate::State state = deployment.state();
  require_nothing_pending(deployment, state);
  const auto ends = migrate::drift_ends(deployment, state);
  const auto renames = answered_renames(ends.recorded, {.schema = ends.live}, answer.renames,
                                        command_line("repair --adopt", options, answer.renames));
  const auto changes = migrate::changes_of_drift(deployment, ends, renames, answer.objects);
  if (changes.empty())
    return output.line("Nothing to adopt: the database is what its revisions say.");
  const auto& graph = target.definition.graph;
  const auto made = migrate::make_revision({.id = answer.revision_id,
                                            .message = answer.message,
                                            .parents = graph.resolve("head", state.applied, ""),
                                            .changes = changes},
                                           graph, SystemClock().now());
  write_revision(made, target, output);
  try {
    record(made.id, answer, options, execution);
  } catch (const Error&) {
    std::error_code ignored;
    std::filesystem::remove(target.directory / migrate::file_name_of(made), ignored);
    throw;
  }
  output.line("✓ Recorded revision {}", made.id);
}

}  // namespace

void add_drift_answer(Verb& verb, DriftAnswer& answer) {
  verb.optional_arguments("difference", answer.objects,
                          "Only these, as verify names them: orders.note (default: all)");
  verb.under("Instead of mending (a project of your own)");
  verb.flag("--adopt", answer.adopts,
            "Write the differences into a new revision, which counts as applied");
  verb.option("-m,--message", "TEXT", answer.message, "What the revision does");
  verb.option("--rev-id", "ID", answer.revision_id, "Its id (default: 12 random digits)");
  verb.option("--rename", "OLD=NEW", answer.renames.renames,
              "A table or table.column that has a new name (may be repeated)");
  verb.flag("--no-renames", answer.renames.has_no_renames,
            "What is gone is gone: ask about no rename");
  verb.flag("--ignore", answer.ignores, "Leave the differences alone from now on");
  verb.option("--reason", "TEXT", answer.reason, "Why they may be left alone");
  verb.under("Options");
}

void require_differences(const DriftAnswer& answer, const DbOptions& options) {
  if (answer.objects.empty()) return;
  const app::Target target = app::only_namespace(options.where());
  const auto opened = target.open_existing();
  const auto found = migrate::examine(opened->deployment(), opened->deployment().state());
  migrate::require_differences(found.everything(), answer.objects);
}

void answer_drift(const DriftAnswer& answer, const DbOptions& options,
                  const migrate::ExecuteOptions& execution, Output& output) {
  require_sense(answer);
  const app::Target target = project(options);
  require_differences(answer, options);
  answer.ignores ? ignore(target, answer, output)
                 : adopt(target, answer, options, execution, output);
}

}  // namespace parley::cli
