#include "migrate/plan.h"

#include <algorithm>
#include <ranges>
#include <set>
#include <span>

#include "dialect/backfill_text.h"

namespace parley::migrate {
namespace {

/// A table's indexes as changes of their own, so that each statement has an effect that can be
/// recognised after a crash.
std::vector<schema::Change> one_effect_each(const std::vector<schema::Change>& changes) {
  std::vector<schema::Change> split;
  for (const schema::Change& change : changes) {
    const auto* create = std::get_if<schema::CreateTable>(&change);
    if (create == nullptr || create->table.indexes.empty()) {
      split.push_back(change);
      continue;
    }
    schema::Table table = create->table;
    const auto indexes = std::exchange(table.indexes, {});
    const std::string name = table.name;
    split.emplace_back(schema::CreateTable{std::move(table)});
    for (const schema::Index& index : indexes) split.emplace_back(schema::CreateIndex{name, index});
  }
  return split;
}

bool is_drop_of_part(const schema::Change& change) {
  return std::holds_alternative<schema::DropIndex>(change) ||
         std::holds_alternative<schema::DropUnique>(change) ||
         std::holds_alternative<schema::DropCheck>(change) ||
         std::holds_alternative<schema::DropColumn>(change) ||
         std::holds_alternative<schema::DropPrimaryKey>(change);
}

std::vector<schema::Change> without_needless(const std::vector<schema::Change>& changes) {
  std::set<std::string> dropped_later;
  std::vector<schema::Change> kept;
  for (const schema::Change& change : changes | std::views::reverse) {
    if (const auto* drop = std::get_if<schema::DropTable>(&change))
      dropped_later.insert(drop->table);
    if (is_drop_of_part(change) && dropped_later.contains(schema::table_of(change))) continue;
    kept.push_back(change);
  }
  std::ranges::reverse(kept);
  return kept;
}

std::vector<std::string> statements_of(const schema::Change& change, const schema::Schema& state,
                                       const dialect::Dialect& dialect) {
  if (const auto* backfill = std::get_if<schema::Backfill>(&change)) {
    return {dialect::update_text(*backfill, dialect)};
  }
  return dialect.render(change, state);
}

enum class Rows { AsTheyWere, Written };

Step step_of(const schema::Change& change, const schema::Schema& state, Rows rows,
             const dialect::Dialect& dialect) {
  const bool keys_off = dialect.needs_foreign_keys_off(change, state);
  const bool needs_state =
      keys_off || rows == Rows::Written || std::holds_alternative<schema::Backfill>(change);
  return Step{.change = change,
              .statements = statements_of(change, state, dialect),
              .reason = schema::describe(change),
              .needs_foreign_keys_off = keys_off,
              .transaction = dialect.transaction_need(change, state),
              .rebuilt = dialect.rebuilt_tables(change, state),
              .before = needs_state ? state : schema::Schema{}};
}

/// The steps of changes that make a table anew together.
void add_steps(Plan& plan, std::span<const schema::Change> changes, const schema::Schema& state,
               const dialect::Dialect& dialect) {
  for (const schema::Change& change : changes) {
    plan.steps.push_back(Step{.change = change,
                              .reason = schema::describe(change),
                              .needs_foreign_keys_off = true,
                              .before = state});
  }
  plan.steps.back().statements = dialect.render_together(changes, state);
  plan.steps.back().rebuilt = {schema::table_of(changes.front())};
}

}  // namespace

bool writes_rows(const schema::Change& change) {
  return std::holds_alternative<schema::Backfill>(change) ||
         std::holds_alternative<schema::Execute>(change);
}

Plan plan(const std::vector<schema::Change>& changes, const schema::Schema& before,
          const dialect::Dialect& dialect) {
  Plan plan;
  schema::Schema state = before;
  Rows rows = Rows::AsTheyWere;
  const auto all = one_effect_each(changes);
  for (std::span<const schema::Change> rest(all); !rest.empty();) {
    const std::size_t count = dialect.done_together(rest, state);
    if (count > 1) {
      add_steps(plan, rest.first(count), state, dialect);
    } else {
      plan.steps.push_back(step_of(rest.front(), state, rows, dialect));
    }
    if (writes_rows(rest.front())) rows = Rows::Written;
    for (const schema::Change& change : rest.first(count)) schema::apply(state, change);
    rest = rest.subspan(count);
  }
  plan.after = dialect.normalize(state);
  return plan;
}

std::vector<schema::Change> changes_back(const Revision& revision, const schema::Schema& before) {
  if (revision.downgrade) return *revision.downgrade;
  std::vector<schema::Change> back;
  schema::Schema state = before;
  for (const schema::Change& change : revision.upgrade) {
    const auto inverse = schema::inverse(change, state);
    back.insert(back.begin(), inverse.begin(), inverse.end());
    schema::apply(state, change);
  }
  return without_needless(back);
}

}  // namespace parley::migrate
