#include "migrate/offline.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "dialect/foreign_key_pause.h"
#include "migrate/plan.h"
#include "migrate/scope.h"
#include "migrate/step_down.h"

namespace parley::migrate {
namespace {

std::string statements_of(const Plan& plan, const dialect::Dialect& dialect) {
  std::string script;
  for (const Step& step : plan.steps) {
    for (const std::string& statement : step.statements)
      script += dialect.script_text(statement) + "\n\n";
  }
  if (std::ranges::none_of(plan.steps, &Step::needs_foreign_keys_off)) return script;
  return fmt::format("{};\n\n{}{};\n\n", dialect::kPauseForeignKeys, script,
                     dialect::kResumeForeignKeys);
}

std::string heading(std::string_view verb, const std::string& from, const std::string& to) {
  return fmt::format("-- Running {} {} -> {}\n\n", verb, from, to);
}

std::string stamp_note(const NamespaceDefinition& definition, const std::string& history,
                       const std::vector<std::string>& reached) {
  const std::string module = definition.name.empty() ? "" : " --module " + history;
  return fmt::format("-- Record it: parley db stamp {}{}\n",
                     reached.empty() ? "base" : join(reached, " "), module);
}

}  // namespace

std::string upgrade_script(const NamespaceDefinition& definition, const std::string& history,
                           const std::vector<std::string>& targets, const Applied& from,
                           const dialect::Dialect& dialect) {
  std::string script;
  Applied applied = from;
  // Replayed once and carried along: a replay per revision would cost the square of their number.
  schema::Schema state = definition.graph.replay(from);
  for (const Revision* revision : definition.graph.upgrade_path(targets, from)) {
    const auto before = dialect.normalize(part_of(state, scope_of(revision->upgrade, state)));
    script += heading("upgrade", join(revision->down_revisions, ", "), revision->id);
    script += statements_of(plan(revision->upgrade, before, dialect), dialect);
    replay_onto(state, *revision);
    applied.insert(revision->id);
  }
  if (script.empty()) return script;
  return script + stamp_note(definition, history, definition.graph.marker(applied, history));
}

std::string downgrade_script(const NamespaceDefinition& definition, const std::string& history,
                             const std::string& expression, const Applied& from,
                             const dialect::Dialect& dialect) {
  std::string script;
  Applied applied = from;
  const auto path = definition.graph.downgrade_path(expression, from, history);
  for (const StepDown& step : steps_down(definition.graph, from, path)) {
    const Revision& revision = *step.revision;
    applied.erase(revision.id);
    script += heading("downgrade", revision.id, join(revision.down_revisions, ", "));
    script += statements_of(plan(step.changes, dialect.normalize(step.before), dialect), dialect);
  }
  if (script.empty()) return script;
  return script + stamp_note(definition, history, definition.graph.marker(applied, history));
}

}  // namespace parley::migrate
