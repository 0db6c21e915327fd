#include "migrate/plan.h"

#include <algorithm>
#include <ranges>
#include <set>

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

}  // namespace

Plan plan(const std::vector<schema::Change>& changes, const schema::Schema& before,
          const dialect::Dialect& dialect) {
  Plan plan;
  schema::Schema state = before;
  for (const schema::Change& change : one_effect_each(changes)) {
    const bool keys_off = dialect.needs_foreign_keys_off(change, state);
    const bool needs_state = keys_off || std::holds_alternative<schema::Backfill>(change);
    plan.steps.push_back(Step{.change = change,
                              .statements = statements_of(change, state, dialect),
                              .reason = schema::describe(change),
                              .needs_foreign_keys_off = keys_off,
                              .transaction = dialect.transaction_need(change, state),
                              .before = needs_state ? state : schema::Schema{}});
    schema::apply(state, change);
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
