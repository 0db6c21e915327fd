#include "migrate/matched_tables.h"

#include <algorithm>

namespace parley::migrate {
namespace {

using namespace schema;

template <class List>
std::unordered_set<std::string> names_of(const List& list) {
  std::unordered_set<std::string> names;
  for (const auto& each : list) names.insert(each.name);
  return names;
}

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::ranges::find(list, value) != list.end();
}

/// The mappings of `values` from what goes to what stays or comes.
AlterEnum alteration(const Enum& old, const Enum& wanted, const std::vector<ValueRename>& values) {
  AlterEnum change{wanted, {}, {}};
  for (const ValueRename& each : values) {
    const bool fits = each.enumeration == wanted.name && contains(old.values, each.from) &&
                      !contains(wanted.values, each.from) && contains(wanted.values, each.to);
    if (!fits) continue;
    auto& list = contains(old.values, each.to) ? change.replaced : change.renamed;
    list.push_back({each.from, each.to});
  }
  return change;
}

/// True when values were only added, wherever: then the rows stay as they are.
bool keeps_values(const Enum& old, const Enum& wanted) {
  auto next = wanted.values.begin();
  return std::ranges::all_of(old.values, [&](const std::string& value) {
    next = std::find(next, wanted.values.end(), value);
    return next != wanted.values.end();
  });
}

}  // namespace

bool MatchedTables::is_retyped(const MatchedTable& table, const Column& base_column) const {
  const Column* after = table.wanted->find_column(base_column.name);
  if (after == nullptr) return false;
  const bool is_rewritten =
      after->type.kind == TypeKind::Enum && rewritten_enums_.contains(after->type.native);
  return is_rewritten || after->type != base_column.type ||
         after->collation != base_column.collation || after->generated != base_column.generated;
}

MatchedTables::MatchedTables(const Schema& from, const Schema& to, const Renames& renames)
    : names_(effective(renames, from, to)) {
  const auto wanted = names_of(to.tables);
  std::unordered_map<std::string, std::string> new_names;
  for (const TableRename& each : names_.tables) new_names.emplace(each.from, each.to);
  for (const Table& table : from.tables) {
    const auto renamed = new_names.find(table.name);
    const std::string& name = renamed == new_names.end() ? table.name : renamed->second;
    if (!wanted.contains(name)) {
      gone_.push_back(&table);
    } else {
      base_.tables.push_back(table);
      old_.push_back(&table);
    }
  }
  base_.enums = from.enums;
  alter_enums(from, to);
  rename();
  match(to);
}

/// A column cannot default to a value that its enum no longer has.
void MatchedTables::drop_defaults_that_go(const AlterEnum& change) {
  const auto stays = [&](const std::string& value) {
    const auto is_mapped = [&](const std::vector<ValueMapping>& mappings) {
      return std::ranges::find(mappings, value, &ValueMapping::from) != mappings.end();
    };
    return contains(change.enumeration.values, value) || is_mapped(change.renamed) ||
           is_mapped(change.replaced);
  };
  for (Table& table : base_.tables) {
    for (Column& column : table.columns) {
      const bool is_of_enum =
          column.type.kind == TypeKind::Enum && column.type.native == change.enumeration.name;
      if (!is_of_enum || !column.default_value) continue;
      const auto* value = std::get_if<std::string>(&*column.default_value);
      if (value == nullptr || stays(*value)) continue;
      column.default_value.reset();
      enum_changes_.emplace_back(AlterColumn{table.name, column});
    }
  }
}

void MatchedTables::alter_enums(const Schema& from, const Schema& to) {
  for (const Enum& wanted : to.enums) {
    const Enum* old = from.find_enum(wanted.name);
    if (old == nullptr || *old == wanted) continue;
    const AlterEnum change = alteration(*old, wanted, names_.values);
    drop_defaults_that_go(change);
    enum_changes_.emplace_back(change);
    schema::apply(base_, change);
    if (!keeps_values(*old, wanted)) rewritten_enums_.insert(wanted.name);
  }
}

void MatchedTables::rename() {
  for (const TableRename& each : names_.tables) {
    renames_.emplace_back(RenameTable{each.from, each.to});
    schema::apply(base_, renames_.back());
  }
  for (const ColumnRename& each : names_.columns) {
    renames_.emplace_back(RenameColumn{each.table, each.from, each.to});
    schema::apply(base_, renames_.back());
  }
}

void MatchedTables::match(const Schema& to) {
  std::unordered_map<std::string, std::size_t> bases;
  for (std::size_t i = 0; i < base_.tables.size(); ++i) bases.emplace(base_.tables[i].name, i);
  for (const Table& wanted : to.tables) {
    const auto found = bases.find(wanted.name);
    if (found == bases.end()) {
      created_.push_back(&wanted);
      continue;
    }
    positions_.emplace(wanted.name, kept_.size());
    kept_.push_back({old_[found->second], &base_.tables[found->second], &wanted});
  }
}

const MatchedTable* MatchedTables::find(const std::string& table) const {
  const auto found = positions_.find(table);
  return found == positions_.end() ? nullptr : &kept_[found->second];
}

}  // namespace parley::migrate
