#include "migrate/foreign_key_moves.h"

#include <algorithm>
#include <ranges>
#include <unordered_map>

#include "base/text.h"
#include "migrate/dependency_order.h"
#include "migrate/same_keys.h"

namespace parley::migrate {
namespace {

using namespace schema;

std::string key_text(const std::string& table, std::vector<std::string> columns) {
  std::ranges::sort(columns);
  return table + '(' + join(columns, ",");
}

std::vector<std::string> columns_of(const Index& index) {
  std::vector<std::string> columns;
  for (const IndexPart& part : index.parts) columns.push_back(part.column);
  return columns;
}

}  // namespace

ForeignKeyMoves::ForeignKeyMoves(const MatchedTables& tables) : tables_(tables) {
  find_unserved_keys();
  for (const MatchedTable& table : tables.kept()) move_keys_of(table);
  order_gone_tables();
}

void ForeignKeyMoves::find_unserved_keys() {
  for (const MatchedTable& table : tables_.kept()) {
    const std::string& name = table.base->name;
    if (table.base->primary_key && !have_same_primary_key(*table.base, *table.wanted)) {
      moving_keys_.insert(key_text(name, table.base->primary_key->columns));
    }
    for (const Unique& unique : table.base->uniques) {
      if (!holds_same(table.wanted->uniques, unique)) {
        moving_keys_.insert(key_text(name, unique.columns));
      }
    }
    for (const Index& index : table.base->indexes) {
      if (is_key(index) && !holds_same(table.wanted->indexes, index)) {
        moving_keys_.insert(key_text(name, columns_of(index)));
      }
    }
  }
}

bool ForeignKeyMoves::must_step_aside(const MatchedTable& table, const ForeignKey& base_key) const {
  const MatchedTable* referenced = tables_.find(base_key.referenced_table);
  if (referenced == nullptr) {
    // Either it goes, or it is in neither schema: both may be a part of one.
    return std::ranges::any_of(
        tables_.gone(), [&](const Table* gone) { return gone->name == base_key.referenced_table; });
  }
  if (moving_keys_.contains(key_text(base_key.referenced_table, base_key.referenced_columns))) {
    return true;
  }
  const auto is_retyped = [&](const MatchedTable& owner, const std::string& name) {
    const Column* column = owner.base->find_column(name);
    return column != nullptr && tables_.is_retyped(owner, *column);
  };
  return std::ranges::any_of(base_key.columns,
                             [&](const std::string& name) { return is_retyped(table, name); }) ||
         std::ranges::any_of(base_key.referenced_columns, [&](const std::string& name) {
           return is_retyped(*referenced, name);
         });
}

void ForeignKeyMoves::move_keys_of(const MatchedTable& table) {
  std::vector<ForeignKey> kept;
  for (std::size_t i = 0; i < table.base->foreign_keys.size(); ++i) {
    const ForeignKey& key = table.base->foreign_keys[i];
    if (holds_same(table.wanted->foreign_keys, key) && !must_step_aside(table, key)) {
      kept.push_back(key);
    } else {
      drops_.emplace_back(DropForeignKey{table.old->name, table.old->foreign_keys[i]});
    }
  }
  for (const ForeignKey& key : table.wanted->foreign_keys) {
    if (!holds_same(kept, key)) additions_.emplace_back(AddForeignKey{table.wanted->name, key});
  }
}

void ForeignKeyMoves::order_gone_tables() {
  const auto& gone = tables_.gone();
  std::unordered_map<std::string, std::size_t> positions;
  for (std::size_t i = 0; i < gone.size(); ++i) positions.emplace(gone[i]->name, i);
  std::vector<std::vector<std::size_t>> needs(gone.size());
  for (std::size_t i = 0; i < gone.size(); ++i) {
    for (const ForeignKey& key : gone[i]->foreign_keys) {
      const auto found = positions.find(key.referenced_table);
      if (found != positions.end() && found->second != i) needs[i].push_back(found->second);
    }
  }
  std::vector<std::size_t> ranks(gone.size());
  const auto order = in_dependency_order(needs);
  for (std::size_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = rank;
  for (std::size_t i = 0; i < gone.size(); ++i) {
    for (const ForeignKey& key : gone[i]->foreign_keys) {
      const auto found = positions.find(key.referenced_table);
      const bool is_cut = found != positions.end() && ranks[found->second] > ranks[i];
      if (is_cut) drops_.emplace_back(DropForeignKey{gone[i]->name, key});
    }
  }
  for (const std::size_t i : order | std::views::reverse) gone_.push_back(gone[i]);
}

}  // namespace parley::migrate
