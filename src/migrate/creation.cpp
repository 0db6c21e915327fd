#include "migrate/creation.h"

#include <algorithm>
#include <set>
#include <string>

#include "migrate/dependency_order.h"
#include "schema/sql_names.h"

namespace parley::migrate {
namespace {

using schema::Change;
using schema::ForeignKey;
using schema::Table;
using schema::View;

/// The elements of `list` such that each comes after those it needs, as far as that can be.
template <class T, class Needs>
std::vector<const T*> in_order(const std::vector<T>& list, const Needs& needs) {
  std::vector<std::vector<std::size_t>> needed(list.size());
  for (std::size_t at = 0; at < list.size(); ++at) {
    for (std::size_t other = 0; other < list.size(); ++other) {
      if (needs(list[at], list[other])) needed[at].push_back(other);
    }
  }
  std::vector<const T*> ordered;
  for (const std::size_t at : in_dependency_order(needed)) ordered.push_back(&list[at]);
  return ordered;
}

bool refers_to(const Table& table, const Table& other) {
  return std::ranges::any_of(table.foreign_keys, [&](const ForeignKey& key) {
    return key.referenced_table == other.name;
  });
}

bool reads(const View& view, const View& other) {
  return std::ranges::any_of(view.query, [&](const schema::SqlText& text) {
    return schema::mentions_name(text.sql, other.name);
  });
}

void add_tables(const schema::Schema& schema, Circles circles, std::vector<Change>& changes) {
  std::set<std::string> later;
  for (const Table& table : schema.tables) later.insert(table.name);
  std::vector<Change> keys;
  for (const Table* table : in_order(schema.tables, refers_to)) {
    Table created = *table;
    later.erase(table->name);
    const auto is_too_early = [&](const ForeignKey& key) {
      return circles == Circles::AddedLater && later.contains(key.referenced_table);
    };
    for (const ForeignKey& key : table->foreign_keys) {
      if (is_too_early(key)) keys.emplace_back(schema::AddForeignKey{table->name, key});
    }
    std::erase_if(created.foreign_keys, is_too_early);
    changes.emplace_back(schema::CreateTable{std::move(created)});
  }
  std::ranges::move(keys, std::back_inserter(changes));
}

}  // namespace

std::vector<Change> creation_of(const schema::Schema& schema, Circles circles) {
  std::vector<Change> changes;
  for (const schema::Enum& each : schema.enums) changes.emplace_back(schema::CreateEnum{each});
  add_tables(schema, circles, changes);
  for (const View* view : in_order(schema.views, reads)) {
    changes.emplace_back(schema::CreateView{*view});
  }
  for (const schema::Trigger& each : schema.triggers) {
    changes.emplace_back(schema::CreateTrigger{each});
  }
  return changes;
}

}  // namespace parley::migrate
