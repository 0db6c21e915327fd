#include "migrate/declarative.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dialect/dialect.h"
#include "dialect/probe.h"
#include "migrate/diff.h"
#include "migrate/live_names.h"
#include "migrate/lock.h"
#include "migrate/run.h"
#include "migrate/session.h"

namespace parley::migrate {
namespace {

using namespace schema;
using dialect::RowWork;

/// What only goes, and does not come back in the same list under the same name.
std::vector<Change> final_drops(const std::vector<Change>& changes, const Schema& target) {
  std::vector<Change> drops;
  for (const Change& change : changes) {
    if (!is_drop(change)) continue;
    const auto* view = std::get_if<DropView>(&change);
    if (view != nullptr && target.find_view(view->view) != nullptr) continue;
    const auto* trigger = std::get_if<DropTrigger>(&change);
    const auto comes_back = [&](const Change& other) {
      const auto* created = std::get_if<CreateTrigger>(&other);
      return created != nullptr && trigger != nullptr && created->trigger.name == trigger->trigger;
    };
    if (trigger != nullptr && std::ranges::any_of(changes, comes_back)) continue;
    drops.push_back(change);
  }
  return drops;
}

std::string undo_text(const Change& change, const Schema& before) {
  if (std::holds_alternative<Backfill>(change)) return "no: the values before are not kept";
  try {
    inverse(change, before);
  } catch (const Error&) {
    return "no";
  }
  return loses_data(change) ? "yes, but what it held is lost" : "yes";
}

std::vector<Change> changes_of(const Plan& plan) {
  std::vector<Change> changes;
  for (const Step& step : plan.steps) changes.push_back(step.change);
  return changes;
}

class Planner {
 public:
  Planner(Deployment& deployment, const WantedSchema& target, const Renames& renames, Drops drops)
      : deployment_(deployment),
        connection_(deployment.connection()),
        target_(target),
        renames_(renames),
        drops_(drops) {}

  DeclarativePlan run() {
    result_.live = deployment_.live();
    result_.how = target_.how;
    result_.wanted = target_.schema;
    if (drops_ == Drops::Refused) {
      result_.skipped = final_drops(diff(result_.live, target_.schema, renames_), target_.schema);
      if (!result_.skipped.empty()) {
        result_.wanted = with_kept(target_.schema, result_.live, renames_);
      }
      for (const Change& drop : result_.skipped) {
        const auto verdicts = verdicts_on(connection_, {drop}, result_.live);
        result_.skipped_losses.push_back(verdicts.empty() ? "" : verdicts.front().text);
      }
    }
    const auto changes = diff(result_.live, result_.wanted, renames_);
    result_.plan = plan(changes, result_.live, deployment_.dialect());
    result_.plan.after = deployment_.dialect().normalize(result_.wanted);
    if (result_.is_empty()) return std::move(result_);
    const auto planned = changes_of(result_.plan);
    result_.verdicts = verdicts_on(connection_, planned, result_.live);
    gather_facts(planned);
    result_.proof = prove(connection_, result_.live, result_.plan, result_.plan.after);
    return std::move(result_);
  }

 private:
  void gather_facts(const std::vector<Change>& changes) {
    LiveNames names(result_.live);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const Step& step = result_.plan.steps[i];
      StepFacts facts{.impact = dialect::impact_of(changes[i], names.state(), step.statements,
                                                   deployment_.dialect()),
                      .undo = undo_text(changes[i], names.state())};
      const Table* table = names.table(table_of(changes[i]));
      if (facts.impact.rows != RowWork::None && table != nullptr) {
        facts.rows = dialect::count_rows(connection_, table->name);
      }
      result_.facts.push_back(std::move(facts));
      names.pass(changes[i]);
    }
  }

  Deployment& deployment_;
  database::Connection& connection_;
  const WantedSchema& target_;
  const Renames& renames_;
  Drops drops_;
  DeclarativePlan result_;
};

void require_no_revisions(const Session& session, const NamespaceDefinition& definition) {
  if (session.state().standing != Standing::Recorded) return;
  const std::string module = definition.name.empty() ? "" : " --module " + definition.name;
  throw Error(ErrorCode::RefusedForSafety,
              "This database is kept by revisions: what apply did would be drift to them",
              fmt::format("Write a revision instead: parley db revision --autogenerate -m MESSAGE "
                          "--target FILE{0}, then: parley db upgrade{0}",
                          module));
}

void require_safe(const DeclarativePlan& plan) {
  if (plan.proof.result == Proof::Result::Refuted) {
    throw Error(ErrorCode::RefusedForSafety, to_text(plan.proof),
                "Nothing was changed. Please report this plan.");
  }
  if (!plan.would_fail()) return;
  std::string text;
  std::string hint;
  for (const Verdict& verdict : plan.verdicts) {
    if (verdict.kind != Verdict::Kind::Fails) continue;
    text += (text.empty() ? "" : "\n") + verdict.text;
    hint = verdict.fix;
  }
  throw Error(ErrorCode::RefusedForSafety, text, hint);
}

}  // namespace

bool DeclarativePlan::would_fail() const {
  return std::ranges::any_of(verdicts,
                             [](const Verdict& each) { return each.kind == Verdict::Kind::Fails; });
}

DeclarativePlan plan_towards(Deployment& deployment, const WantedSchema& target,
                             const Renames& renames, Drops drops) {
  return Planner(deployment, target, renames, drops).run();
}

DeclarativePlan apply_target(Deployment& deployment, const WantedSchema& target,
                             const Renames& renames, Drops drops, const ExecuteOptions& options) {
  Session session(deployment, options);
  require_no_revisions(session, deployment.definition());
  DeclarativePlan plan = plan_towards(deployment, target, renames, drops);
  if (plan.is_empty()) return plan;
  require_safe(plan);
  session.back_up_before(changes_of(plan.plan));
  session.begin_writing();
  run(deployment, plan.plan,
      Task{.action = "apply",
           .revision = nullptr,
           .tool_version = options.tool_version,
           .record = [] {},
           .options = options,
           .scope = std::nullopt});
  return plan;
}

}  // namespace parley::migrate
