#include "migrate/diff.h"

#include <algorithm>
#include <unordered_set>

#include "migrate/dependency_order.h"
#include "migrate/dependents.h"
#include "migrate/foreign_key_moves.h"
#include "migrate/matched_tables.h"
#include "migrate/same_keys.h"
#include "migrate/table_diff.h"

namespace parley::migrate {
namespace {

using namespace schema;

TouchedNames names_touched_by(const MatchedTables& tables) {
  TouchedNames touched;
  for (const Table* table : tables.gone()) touched.add_gone_table(table->name);
  for (const MatchedTable& table : tables.kept()) {
    const std::string& old_name = table.old->name;
    if (old_name != table.wanted->name) touched.add_table(old_name);
    for (std::size_t i = 0; i < table.base->columns.size(); ++i) {
      const Column& column = table.base->columns[i];
      const std::string& old_column = table.old->columns[i].name;
      const bool is_touched = old_column != column.name ||
                              table.wanted->find_column(column.name) == nullptr ||
                              tables.is_retyped(table, column);
      if (is_touched) touched.add_column(old_name, old_column);
    }
  }
  return touched;
}

/// True when the columns that `key` refers to are no key of `table` until its indexes are there,
/// which come behind it.
bool needs_unique_index(const ForeignKey& key, const Table& table) {
  const auto is_on = [&](const auto& constraint) {
    return std::ranges::is_permutation(constraint.columns, key.referenced_columns);
  };
  return !(table.primary_key && is_on(*table.primary_key)) &&
         std::ranges::none_of(table.uniques, is_on);
}

class Differ {
 public:
  Differ(const Schema& from, const Schema& to, const Renames& renames)
      : from_(from), to_(to), tables_(from, to, renames), foreign_keys_(tables_) {}

  std::vector<Change> run() {
    const Dependents dependents(from_, to_, names_touched_by(tables_));
    add_all(dependents.drops());
    add_all(foreign_keys_.drops());
    change_enums();
    for (const Table* table : foreign_keys_.gone_in_order()) add(DropTable{table->name});
    for (const MatchedTable& table : tables_.kept()) drop_parts(table, changes_);
    add_all(tables_.renames());
    for (const MatchedTable& table : tables_.kept()) change_columns(table, changes_);
    for (const MatchedTable& table : tables_.kept()) add_parts(table, changes_);
    create_tables();
    add_all(foreign_keys_.additions());
    add_all(late_keys_);
    drop_enums();
    add_all(dependents.creations());
    return std::move(changes_);
  }

 private:
  void add(Change change) { changes_.push_back(std::move(change)); }
  void add_all(const std::vector<Change>& changes) {
    changes_.insert(changes_.end(), changes.begin(), changes.end());
  }

  void change_enums() {
    add_all(tables_.enum_changes());
    for (const Enum& wanted : to_.enums) {
      if (from_.find_enum(wanted.name) == nullptr) add(CreateEnum{wanted});
    }
  }

  void drop_enums() {
    for (const Enum& old : from_.enums) {
      if (to_.find_enum(old.name) == nullptr) add(DropEnum{old.name});
    }
  }

  /// Each new table, then its indexes. A foreign key to a table that comes later is added at the
  /// end.
  void create_tables() {
    const auto& created = tables_.created();
    std::unordered_map<std::string, std::size_t> positions;
    for (std::size_t i = 0; i < created.size(); ++i) positions.emplace(created[i]->name, i);
    std::vector<std::vector<std::size_t>> needs(created.size());
    for (std::size_t i = 0; i < created.size(); ++i) {
      for (const ForeignKey& key : created[i]->foreign_keys) {
        const auto found = positions.find(key.referenced_table);
        if (found != positions.end()) needs[i].push_back(found->second);
      }
    }
    std::unordered_set<std::string> waiting;
    for (const Table* table : created) waiting.insert(table->name);
    for (const std::size_t i : in_dependency_order(needs)) {
      waiting.erase(created[i]->name);
      create(*created[i], waiting);
    }
  }

  void create(const Table& wanted, const std::unordered_set<std::string>& waiting) {
    Table table = wanted;
    table.indexes.clear();
    std::erase_if(table.foreign_keys, [&](const ForeignKey& key) {
      const bool is_late = waiting.contains(key.referenced_table) ||
                           (key.referenced_table == wanted.name && needs_unique_index(key, table));
      if (is_late) late_keys_.emplace_back(AddForeignKey{table.name, key});
      return is_late;
    });
    add(CreateTable{std::move(table)});
    for (const Index& index : wanted.indexes) add(CreateIndex{wanted.name, index});
  }

  const Schema& from_;
  const Schema& to_;
  const MatchedTables tables_;
  const ForeignKeyMoves foreign_keys_;
  std::vector<Change> changes_;
  std::vector<Change> late_keys_;
};

}  // namespace

std::vector<Change> diff(const Schema& from, const Schema& to, const Renames& renames) {
  return Differ(from, to, renames).run();
}

}  // namespace parley::migrate
