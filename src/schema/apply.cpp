#include <algorithm>

#include "base/check.h"
#include "base/overloaded.h"
#include "schema/change.h"
#include "schema/fit.h"
#include "schema/sql_names.h"

namespace parley::schema {
namespace {

template <class Visit>
void for_each_foreign_key(Schema& schema, const Visit& visit) {
  for (Table& table : schema.tables) {
    for (ForeignKey& key : table.foreign_keys) visit(table, key);
  }
}

void apply_rename(Schema& schema, const RenameTable& change) {
  schema.find_table(change.table)->name = change.new_name;
  for_each_foreign_key(schema, [&](const Table&, ForeignKey& key) {
    if (key.referenced_table == change.table) key.referenced_table = change.new_name;
  });
}

/// Everything that names the column follows it: keys, indexes, conditions, and other tables'
/// references.
void apply_rename(Schema& schema, const RenameColumn& change) {
  Table& table = *schema.find_table(change.table);
  const auto rename = [&](std::string& name) {
    if (name == change.column) name = change.new_name;
  };
  const auto rename_all = [&](std::vector<std::string>& names) {
    std::for_each(names.begin(), names.end(), rename);
  };
  const auto rename_in_sql = [&](std::string& sql) {
    sql = rename_column_in(sql, change.column, change.new_name);
  };
  for (Column& column : table.columns) rename(column.name);
  if (table.primary_key) rename_all(table.primary_key->columns);
  for (Unique& unique : table.uniques) rename_all(unique.columns);
  for (Check& check : table.checks) rename_in_sql(check.expression);
  for (Index& index : table.indexes) {
    for (IndexPart& part : index.parts) rename(part.column);
    rename_in_sql(index.where);
  }
  for_each_foreign_key(schema, [&](const Table& owner, ForeignKey& key) {
    if (&owner == &table) rename_all(key.columns);
    if (key.referenced_table == change.table) rename_all(key.referenced_columns);
  });
}

/// Removes exactly the element that `found` points to.
template <class T>
void remove(std::vector<T>& list, const T* found) {
  PARLEY_CHECK(found != nullptr);
  list.erase(list.begin() + (found - list.data()));
}

}  // namespace

void apply(Schema& schema, const Change& change) {
  require_fit(schema, change);
  const auto table = [&](const auto& c) -> Table& { return *schema.find_table(c.table); };
  std::visit(
      overloaded{
          [&](const CreateTable& c) { schema.tables.push_back(c.table); },
          [&](const DropTable& c) { remove<Table>(schema.tables, &table(c)); },
          [&](const RenameTable& c) { apply_rename(schema, c); },
          [&](const AddColumn& c) { table(c).columns.push_back(c.column); },
          [&](const DropColumn& c) {
            remove<Column>(table(c).columns, table(c).find_column(c.column));
          },
          [&](const AlterColumn& c) { *table(c).find_column(c.column.name) = c.column; },
          [&](const RenameColumn& c) { apply_rename(schema, c); },
          [&](const CreateIndex& c) { table(c).indexes.push_back(c.index); },
          [&](const DropIndex& c) { remove(table(c).indexes, table(c).find_index(c.index)); },
          [&](const AddPrimaryKey& c) { table(c).primary_key = c.primary_key; },
          [&](const DropPrimaryKey& c) { table(c).primary_key.reset(); },
          [&](const AddUnique& c) { table(c).uniques.push_back(c.unique); },
          [&](const DropUnique& c) { remove(table(c).uniques, find_unique(table(c), c.unique)); },
          [&](const AddCheck& c) { table(c).checks.push_back(c.check); },
          [&](const DropCheck& c) { remove(table(c).checks, find_check(table(c), c.check)); },
          [&](const AddForeignKey& c) { table(c).foreign_keys.push_back(c.foreign_key); },
          [&](const DropForeignKey& c) {
            remove(table(c).foreign_keys, find_foreign_key(table(c), c.foreign_key));
          },
          [](const Execute&) {},
      },
      change);
}

}  // namespace parley::schema
