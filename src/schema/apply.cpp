#include <algorithm>
#include <utility>

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

template <class Rewrite>
void rewrite_all(SqlTexts& texts, const Rewrite& rewrite) {
  for (SqlText& text : texts) text.sql = rewrite(text.sql);
}

void apply_rename(Schema& schema, const RenameTable& change) {
  schema.find_table(change.table)->name = change.new_name;
  for_each_foreign_key(schema, [&](const Table&, ForeignKey& key) {
    if (key.referenced_table == change.table) key.referenced_table = change.new_name;
  });
  const auto rewrite = [&](const std::string& sql) {
    return rename_in(sql, change.table, change.new_name);
  };
  for (View& view : schema.views) rewrite_all(view.query, rewrite);
  for (Trigger& trigger : schema.triggers) {
    if (trigger.table == change.table) trigger.table = change.new_name;
    rewrite_all(trigger.when, rewrite);
    rewrite_all(trigger.body, rewrite);
  }
}

void rename_column_in_triggers(Schema& schema, const RenameColumn& change) {
  const auto rewrite = [&](const std::string& sql) {
    return rename_row_column_in(sql, change.column, change.new_name);
  };
  for (Trigger& trigger : schema.triggers) {
    if (trigger.table != change.table) continue;
    std::ranges::replace(trigger.update_of, change.column, change.new_name);
    rewrite_all(trigger.when, rewrite);
    rewrite_all(trigger.body, rewrite);
  }
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
  for (Column& column : table.columns) {
    rename(column.name);
    if (column.generated) rename_in_sql(column.generated->expression);
  }
  if (table.primary_key) rename_all(table.primary_key->columns);
  for (Unique& unique : table.uniques) rename_all(unique.columns);
  for (Check& check : table.checks) rename_in_sql(check.expression);
  for (Index& index : table.indexes) {
    for (IndexPart& part : index.parts) {
      rename(part.column);
      rename_in_sql(part.expression);
    }
    rename_all(index.include);
    rename_in_sql(index.where);
  }
  for_each_foreign_key(schema, [&](const Table& owner, ForeignKey& key) {
    if (&owner == &table) rename_all(key.columns);
    if (key.referenced_table == change.table) rename_all(key.referenced_columns);
  });
  rename_column_in_triggers(schema, change);
}

/// Removes exactly the element that `found` points to.
template <class T>
void remove(std::vector<T>& list, const T* found) {
  PARLEY_CHECK(found != nullptr);
  list.erase(list.begin() + (found - list.data()));
}

/// Its triggers go with a table.
void apply_drop(Schema& schema, const std::string& table) {
  remove<Table>(schema.tables, schema.find_table(table));
  std::erase_if(schema.triggers, [&](const Trigger& each) { return each.table == table; });
}

/// And with a view.
void apply_drop_view(Schema& schema, const std::string& view) {
  remove(schema.views, schema.find_view(view));
  std::erase_if(schema.triggers, [&](const Trigger& each) { return each.table == view; });
}

/// Puts `value` in the place of the element that `found` points to.
template <class T>
void replace(std::vector<T>& list, const T* found, const T& value) {
  PARLEY_CHECK(found != nullptr);
  list[static_cast<std::size_t>(found - list.data())] = value;
}

/// A type that stays keeps its spelling.
void apply_alter(Column& column, const AlterColumn& change) {
  const Type before = std::exchange(column, change.column).type;
  if (column.type == before) column.type.spelling = before.spelling;
}

/// Defaults follow a renamed or replaced value of their enum.
void apply_alter(Schema& schema, const AlterEnum& change) {
  replace(schema.enums, schema.find_enum(change.enumeration.name), change.enumeration);
  for (Table& table : schema.tables) {
    for (Column& column : table.columns) {
      const bool is_of_enum =
          column.type.kind == TypeKind::Enum && column.type.native == change.enumeration.name;
      if (!is_of_enum || !column.default_value) continue;
      auto* text = std::get_if<std::string>(&*column.default_value);
      if (text == nullptr) continue;
      for (const auto* mappings : {&change.renamed, &change.replaced}) {
        const auto found = std::ranges::find(*mappings, *text, &ValueMapping::from);
        if (found == mappings->end()) continue;
        *text = found->to;
        break;
      }
    }
  }
}

}  // namespace

void apply(Schema& schema, const Change& change) {
  require_fit(schema, change);
  const auto table = [&](const auto& c) -> Table& { return *schema.find_table(c.table); };
  std::visit(
      overloaded{
          [&](const CreateTable& c) { schema.tables.push_back(c.table); },
          [&](const DropTable& c) { apply_drop(schema, c.table); },
          [&](const RenameTable& c) { apply_rename(schema, c); },
          [&](const AddColumn& c) { table(c).columns.push_back(c.column); },
          [&](const DropColumn& c) {
            remove<Column>(table(c).columns, table(c).find_column(c.column));
          },
          [&](const AlterColumn& c) { apply_alter(*table(c).find_column(c.column.name), c); },
          [&](const RenameColumn& c) { apply_rename(schema, c); },
          [&](const CreateIndex& c) { table(c).indexes.push_back(c.index); },
          [&](const DropIndex& c) { remove(table(c).indexes, table(c).find_index(c.index)); },
          [&](const AddPrimaryKey& c) { table(c).primary_key = c.primary_key; },
          [&](const DropPrimaryKey& c) { table(c).primary_key.reset(); },
          [&](const AddUnique& c) { table(c).uniques.push_back(c.unique); },
          [&](const DropUnique& c) { remove(table(c).uniques, find_unique(table(c), c.unique)); },
          [&](const AddCheck& c) { table(c).checks.push_back(c.check); },
          [&](const DropCheck& c) { remove(table(c).checks, find_check(table(c), c)); },
          [&](const AddForeignKey& c) { table(c).foreign_keys.push_back(c.foreign_key); },
          [&](const DropForeignKey& c) {
            remove(table(c).foreign_keys, find_foreign_key(table(c), c.foreign_key));
          },
          [&](const RenameIndex& c) {
            for (Index& index : table(c).indexes) {
              if (index.name == c.index) index.name = c.new_name;
            }
          },
          [&](const CreateView& c) { schema.views.push_back(c.view); },
          [&](const DropView& c) { apply_drop_view(schema, c.view); },
          [&](const ReplaceView& c) {
            replace(schema.views, schema.find_view(c.view.name), c.view);
          },
          [&](const CreateTrigger& c) { schema.triggers.push_back(c.trigger); },
          [&](const DropTrigger& c) {
            remove(schema.triggers, schema.find_trigger(c.table, c.trigger));
          },
          [&](const ReplaceTrigger& c) {
            replace(schema.triggers, schema.find_trigger(c.trigger.table, c.trigger.name),
                    c.trigger);
          },
          [&](const CreateEnum& c) { schema.enums.push_back(c.enumeration); },
          [&](const AlterEnum& c) { apply_alter(schema, c); },
          [&](const DropEnum& c) { remove(schema.enums, schema.find_enum(c.enumeration)); },
          [&](const SetComment& c) {
            Table& target = table(c);
            (c.column.empty() ? target.comment : target.find_column(c.column)->comment) = c.comment;
          },
          [&](const SetTableOptions& c) {
            table(c).is_strict = c.is_strict;
            table(c).is_without_rowid = c.is_without_rowid;
          },
          [](const Backfill&) {},
          [&](const Execute& c) {
            for (const AnyChange& each : c.stands_for) apply(schema, each.change);
          },
      },
      change);
}

}  // namespace parley::schema
