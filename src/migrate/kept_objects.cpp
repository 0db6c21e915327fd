// What a plan leaves standing when it may not drop: tables, columns, views and triggers that only
// the database knows, together with the keys and indexes that live on such columns.

#include <algorithm>

#include "migrate/declarative.h"
#include "migrate/same_keys.h"
#include "schema/sql_names.h"

namespace parley::migrate {
namespace {

using namespace schema;

/// The live schema in the new names.
Schema renamed(Schema live, const Renames& renames) {
  live.views.clear();
  live.triggers.clear();
  for (const TableRename& each : renames.tables) apply(live, RenameTable{each.from, each.to});
  for (const ColumnRename& each : renames.columns) {
    apply(live, RenameColumn{each.table, each.from, each.to});
  }
  return live;
}

/// What reads a renamed table reads it under its new name.
Schema with_renamed_tables(Schema live, const Renames& renames) {
  for (const TableRename& each : renames.tables) {
    schema::apply(live, RenameTable{each.from, each.to});
  }
  return live;
}

using Names = std::vector<std::string>;

bool uses_any(const Names& columns, const Names& kept) {
  return std::ranges::any_of(columns, [&](const std::string& each) {
    return std::ranges::find(kept, each) != kept.end();
  });
}

Names columns_of(const Index& index) {
  Names columns = index.include;
  for (const IndexPart& part : index.parts) columns.push_back(part.column);
  return columns;
}

bool mentions_any(const std::string& sql, const Names& kept) {
  return std::ranges::any_of(kept,
                             [&](const std::string& each) { return mentions_column(sql, each); });
}

void keep_columns(const Table& live, Table& table) {
  Names kept;
  for (const Column& column : live.columns) {
    if (table.find_column(column.name) != nullptr) continue;
    kept.push_back(column.name);
    table.columns.push_back(column);
  }
  if (kept.empty()) return;
  for (const Index& index : live.indexes) {
    if (uses_any(columns_of(index), kept) && table.find_index(index.name) == nullptr) {
      table.indexes.push_back(index);
    }
  }
  for (const Unique& unique : live.uniques) {
    if (uses_any(unique.columns, kept) && !holds_same(table.uniques, unique)) {
      table.uniques.push_back(unique);
    }
  }
  for (const Check& check : live.checks) {
    if (mentions_any(check.expression, kept) && !holds_same(table.checks, check)) {
      table.checks.push_back(check);
    }
  }
  for (const ForeignKey& key : live.foreign_keys) {
    if (uses_any(key.columns, kept) && !holds_same(table.foreign_keys, key)) {
      table.foreign_keys.push_back(key);
    }
  }
}

}  // namespace

bool is_drop(const Change& change) {
  return std::holds_alternative<DropTable>(change) || std::holds_alternative<DropColumn>(change) ||
         std::holds_alternative<DropView>(change) || std::holds_alternative<DropTrigger>(change);
}

Schema with_kept(const Schema& target, const Schema& live, const Renames& renames) {
  const Schema base = renamed(live, effective(renames, live, target));
  Schema wanted = target;
  for (const Table& table : base.tables) {
    if (Table* same = wanted.find_table(table.name)) {
      keep_columns(table, *same);
    } else {
      wanted.tables.push_back(table);
    }
  }
  const Schema readers = with_renamed_tables(live, effective(renames, live, target));
  for (const View& view : readers.views) {
    const bool is_taken = wanted.find_view(view.name) || wanted.find_table(view.name);
    if (!is_taken) wanted.views.push_back(view);
  }
  for (const Trigger& trigger : readers.triggers) {
    const bool has_owner = wanted.find_table(trigger.table) || wanted.find_view(trigger.table);
    if (has_owner && wanted.find_trigger(trigger.table, trigger.name) == nullptr) {
      wanted.triggers.push_back(trigger);
    }
  }
  for (const Enum& each : live.enums) {
    if (wanted.find_enum(each.name) == nullptr) wanted.enums.push_back(each);
  }
  return wanted;
}

}  // namespace parley::migrate
