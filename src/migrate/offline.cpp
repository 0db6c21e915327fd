#include "migrate/offline.h"

#include <fmt/format.h>

#include "base/text.h"
#include "migrate/plan_script.h"
#include "migrate/scope.h"
#include "migrate/step_down.h"
#include "migrate/words_of_base.h"

namespace parley::migrate {
namespace {

/// The plans of a range of revisions, one after the other.
class Script {
 public:
  explicit Script(const dialect::Dialect& dialect) : dialect_(dialect) {}

  void add(const std::string& heading, const Plan& plan) {
    text_ += heading + transactions_of(plan, dialect_) + "\n";
    takes_away_ = takes_away_ || takes_away(plan);
  }

  /// Empty when there is nothing to do, otherwise with `note` at the end.
  std::string finish(const std::string& note) const {
    if (text_.empty()) return "";
    return std::string(takes_away_ ? stop_at_first_error(dialect_) : "") + text_ + note;
  }

 private:
  const dialect::Dialect& dialect_;
  std::string text_;
  bool takes_away_ = false;
};

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
  Script script(dialect);
  Applied applied = from;
  // Replayed once and carried along: a replay per revision would cost the square of their number.
  schema::Schema state = definition.graph.replay(from);
  for (const Revision* revision : definition.graph.upgrade_path(targets, from)) {
    const auto before = dialect.normalize(part_of(state, scope_of(revision->upgrade, state)));
    script.add(heading("upgrade", join(revision->down_revisions, ", "), revision->id),
               plan(in_words_of(before, revision->upgrade, state, dialect), before, dialect));
    replay_onto(state, *revision);
    applied.insert(revision->id);
  }
  return script.finish(stamp_note(definition, history, definition.graph.marker(applied, history)));
}

std::string downgrade_script(const NamespaceDefinition& definition, const std::string& history,
                             const std::string& expression, const Applied& from,
                             const dialect::Dialect& dialect) {
  Script script(dialect);
  Applied applied = from;
  const auto path = definition.graph.downgrade_path(expression, from, history);
  for (const StepDown& step : steps_down(definition.graph, from, path)) {
    const Revision& revision = *step.revision;
    applied.erase(revision.id);
    const auto before = dialect.normalize(step.before);
    script.add(heading("downgrade", revision.id, join(revision.down_revisions, ", ")),
               plan(in_words_of(before, step.changes, step.before, dialect), before, dialect));
  }
  return script.finish(stamp_note(definition, history, definition.graph.marker(applied, history)));
}

}  // namespace parley::migrate
