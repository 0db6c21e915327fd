#include "schema/change.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/overloaded.h"
#include "base/text.h"
#include "schema/fit.h"

namespace parley::schema {
namespace {

constexpr std::size_t kSqlShownMax = 60;

/// A constraint with or without a name: `uq_email (email)`, `(email)`.
std::string constraint(const std::string& name, const std::vector<std::string>& columns) {
  const std::string list = fmt::format("({})", join(columns, ", "));
  if (name.empty()) return list;
  return columns.empty() ? name : name + " " + list;
}

std::string describe_execute(const Execute& change) {
  if (change.texts.empty()) return "run no SQL";
  const std::string sql = collapse_white_space(change.texts.front().sql);
  const std::string_view shown = first_code_points(sql, kSqlShownMax);
  return fmt::format("run SQL: {}{}", shown, shown.size() < sql.size() ? "…" : "");
}

std::string describe_backfill(const Backfill& change) {
  std::vector<std::string> columns;
  for (const Assignment& each : change.set) columns.push_back(change.table + "." + each.column);
  return "backfill " + join(columns, ", ");
}

bool has_column(const Table& table, const std::string& column) {
  return table.find_column(column) != nullptr;
}

bool has_equal_column(const Table& table, const Column& column) {
  const Column* found = table.find_column(column.name);
  return found != nullptr && *found == column;
}

bool has_primary_key_on(const Table& table, const std::vector<std::string>& columns) {
  return table.primary_key && table.primary_key->columns == columns;
}

}  // namespace

std::string describe(const Change& change) {
  using fmt::format;
  return std::visit(
      overloaded{
          [](const CreateTable& c) { return format("create table {}", c.table.name); },
          [](const DropTable& c) { return format("drop table {}", c.table); },
          [](const RenameTable& c) { return format("rename table {} to {}", c.table, c.new_name); },
          [](const AddColumn& c) { return format("add column {}.{}", c.table, c.column.name); },
          [](const DropColumn& c) { return format("drop column {}.{}", c.table, c.column); },
          [](const AlterColumn& c) { return format("alter column {}.{}", c.table, c.column.name); },
          [](const RenameColumn& c) {
            return format("rename column {}.{} to {}", c.table, c.column, c.new_name);
          },
          [](const CreateIndex& c) {
            const std::string_view unique = c.index.unique ? "unique " : "";
            return format("create {}index {} on {}", unique, c.index.name, c.table);
          },
          [](const DropIndex& c) { return format("drop index {} on {}", c.index, c.table); },
          [](const RenameIndex& c) {
            return format("rename index {} on {} to {}", c.index, c.table, c.new_name);
          },
          [](const AddPrimaryKey& c) {
            return format("add primary key {} to {}",
                          constraint(c.primary_key.name, c.primary_key.columns), c.table);
          },
          [](const DropPrimaryKey& c) { return format("drop primary key of {}", c.table); },
          [](const AddUnique& c) {
            return format("add unique constraint {} to {}",
                          constraint(c.unique.name, c.unique.columns), c.table);
          },
          [](const DropUnique& c) {
            return format("drop unique constraint {} of {}",
                          constraint(c.unique.name, c.unique.columns), c.table);
          },
          [](const AddCheck& c) { return format("add check {} to {}", c.check.name, c.table); },
          [](const DropCheck& c) {
            const std::string check = c.check.empty() ? "(" + c.expression + ")" : c.check;
            return format("drop check {} of {}", check, c.table);
          },
          [](const AddForeignKey& c) {
            return format("add foreign key {} to {}, referring to {}",
                          constraint(c.foreign_key.name, c.foreign_key.columns), c.table,
                          c.foreign_key.referenced_table);
          },
          [](const DropForeignKey& c) {
            return format("drop foreign key {} of {}",
                          constraint(c.foreign_key.name, c.foreign_key.columns), c.table);
          },
          [](const CreateView& c) { return format("create view {}", c.view.name); },
          [](const DropView& c) { return format("drop view {}", c.view); },
          [](const ReplaceView& c) { return format("replace view {}", c.view.name); },
          [](const CreateTrigger& c) {
            return format("create trigger {} on {}", c.trigger.name, c.trigger.table);
          },
          [](const DropTrigger& c) { return format("drop trigger {} on {}", c.trigger, c.table); },
          [](const ReplaceTrigger& c) {
            return format("replace trigger {} on {}", c.trigger.name, c.trigger.table);
          },
          [](const CreateEnum& c) { return format("create enum {}", c.enumeration.name); },
          [](const AlterEnum& c) { return format("alter enum {}", c.enumeration.name); },
          [](const DropEnum& c) { return format("drop enum {}", c.enumeration); },
          [](const SetComment& c) {
            return format("set comment of {}",
                          c.column.empty() ? c.table : c.table + "." + c.column);
          },
          [](const SetTableOptions& c) { return format("set options of table {}", c.table); },
          [](const Backfill& c) { return describe_backfill(c); },
          [](const Execute& c) { return describe_execute(c); },
      },
      change);
}

std::string table_of(const Change& change) {
  return std::visit(overloaded{
                        [](const CreateTable& c) { return c.table.name; },
                        [](const DropTable& c) { return c.table; },
                        [](const RenameTable& c) { return c.table; },
                        [](const AddColumn& c) { return c.table; },
                        [](const DropColumn& c) { return c.table; },
                        [](const AlterColumn& c) { return c.table; },
                        [](const RenameColumn& c) { return c.table; },
                        [](const CreateIndex& c) { return c.table; },
                        [](const DropIndex& c) { return c.table; },
                        [](const AddPrimaryKey& c) { return c.table; },
                        [](const DropPrimaryKey& c) { return c.table; },
                        [](const AddUnique& c) { return c.table; },
                        [](const DropUnique& c) { return c.table; },
                        [](const AddCheck& c) { return c.table; },
                        [](const DropCheck& c) { return c.table; },
                        [](const AddForeignKey& c) { return c.table; },
                        [](const DropForeignKey& c) { return c.table; },
                        [](const RenameIndex& c) { return c.table; },
                        [](const CreateView& c) { return c.view.name; },
                        [](const DropView& c) { return c.view; },
                        [](const ReplaceView& c) { return c.view.name; },
                        [](const CreateTrigger& c) { return c.trigger.table; },
                        [](const DropTrigger& c) { return c.table; },
                        [](const ReplaceTrigger& c) { return c.trigger.table; },
                        [](const CreateEnum& c) { return c.enumeration.name; },
                        [](const AlterEnum& c) { return c.enumeration.name; },
                        [](const DropEnum& c) { return c.enumeration; },
                        [](const SetComment& c) { return c.table; },
                        [](const SetTableOptions& c) { return c.table; },
                        [](const Backfill& c) { return c.table; },
                        [](const Execute&) { return std::string(); },
                    },
                    change);
}

bool loses_data(const Change& change) {
  return std::visit(overloaded{
                        [](const CreateTable&) { return false; },
                        [](const DropTable&) { return true; },
                        [](const RenameTable&) { return false; },
                        [](const AddColumn&) { return false; },
                        [](const DropColumn&) { return true; },
                        [](const AlterColumn&) { return false; },
                        [](const RenameColumn&) { return false; },
                        [](const CreateIndex&) { return false; },
                        [](const DropIndex&) { return false; },
                        [](const AddPrimaryKey&) { return false; },
                        [](const DropPrimaryKey&) { return false; },
                        [](const AddUnique&) { return false; },
                        [](const DropUnique&) { return false; },
                        [](const AddCheck&) { return false; },
                        [](const DropCheck&) { return false; },
                        [](const AddForeignKey&) { return false; },
                        [](const DropForeignKey&) { return false; },
                        [](const RenameIndex&) { return false; },
                        [](const CreateView&) { return false; },
                        [](const DropView&) { return false; },
                        [](const ReplaceView&) { return false; },
                        [](const CreateTrigger&) { return false; },
                        [](const DropTrigger&) { return false; },
                        [](const ReplaceTrigger&) { return false; },
                        [](const CreateEnum&) { return false; },
                        [](const AlterEnum& c) { return !c.replaced.empty(); },
                        [](const DropEnum&) { return false; },
                        [](const SetComment&) { return false; },
                        [](const SetTableOptions&) { return false; },
                        [](const Backfill&) { return false; },
                        [](const Execute& c) {
                          return std::ranges::any_of(c.stands_for, [](const AnyChange& each) {
                            return loses_data(each.change);
                          });
                        },
                    },
                    change);
}

bool is_in_effect(const Schema& schema, const Change& change) {
  // A missing table never shows a change of one of its parts: it may have been dropped by accident.
  const auto shows = [&](const std::string& name, const auto& question) {
    const Table* table = schema.find_table(name);
    return table != nullptr && question(*table);
  };
  const auto exists = [&](const std::string& table) { return schema.find_table(table) != nullptr; };
  return std::visit(
      overloaded{
          [&](const CreateTable& c) { return exists(c.table.name); },
          [&](const DropTable& c) { return !exists(c.table); },
          [&](const RenameTable& c) { return exists(c.new_name) && !exists(c.table); },
          [&](const AddColumn& c) {
            return shows(c.table, [&](const Table& t) { return has_column(t, c.column.name); });
          },
          [&](const DropColumn& c) {
            return shows(c.table, [&](const Table& t) { return !has_column(t, c.column); });
          },
          [&](const AlterColumn& c) {
            return shows(c.table, [&](const Table& t) { return has_equal_column(t, c.column); });
          },
          [&](const RenameColumn& c) {
            return shows(c.table, [&](const Table& t) {
              return has_column(t, c.new_name) && !has_column(t, c.column);
            });
          },
          [&](const CreateIndex& c) {
            return shows(c.table,
                         [&](const Table& t) { return t.find_index(c.index.name) != nullptr; });
          },
          [&](const DropIndex& c) {
            return shows(c.table, [&](const Table& t) { return t.find_index(c.index) == nullptr; });
          },
          [&](const AddPrimaryKey& c) {
            return shows(c.table, [&](const Table& t) {
              return has_primary_key_on(t, c.primary_key.columns);
            });
          },
          [&](const DropPrimaryKey& c) {
            return shows(c.table, [](const Table& t) { return !t.primary_key; });
          },
          [&](const AddUnique& c) {
            return shows(c.table,
                         [&](const Table& t) { return find_unique(t, c.unique) != nullptr; });
          },
          [&](const DropUnique& c) {
            return shows(c.table,
                         [&](const Table& t) { return find_unique(t, c.unique) == nullptr; });
          },
          [&](const AddCheck& c) {
            return shows(c.table,
                         [&](const Table& t) { return find_check(t, c.check.name) != nullptr; });
          },
          [&](const DropCheck& c) {
            return shows(c.table,
                         [&](const Table& t) { return find_check(t, c) == nullptr; });
          },
          [&](const AddForeignKey& c) {
            return shows(c.table, [&](const Table& t) {
              return find_foreign_key(t, c.foreign_key) != nullptr;
            });
          },
          [&](const DropForeignKey& c) {
            return shows(c.table, [&](const Table& t) {
              return find_foreign_key(t, c.foreign_key) == nullptr;
            });
          },
          [&](const RenameIndex& c) {
            return shows(c.table, [&](const Table& t) {
              return t.find_index(c.new_name) != nullptr && t.find_index(c.index) == nullptr;
            });
          },
          [&](const CreateView& c) { return schema.find_view(c.view.name) != nullptr; },
          [&](const DropView& c) { return schema.find_view(c.view) == nullptr; },
          [&](const ReplaceView& c) {
            const View* view = schema.find_view(c.view.name);
            return view != nullptr && *view == c.view;
          },
          [&](const CreateTrigger& c) {
            return schema.find_trigger(c.trigger.table, c.trigger.name) != nullptr;
          },
          [&](const DropTrigger& c) { return schema.find_trigger(c.table, c.trigger) == nullptr; },
          [&](const ReplaceTrigger& c) {
            const Trigger* trigger = schema.find_trigger(c.trigger.table, c.trigger.name);
            return trigger != nullptr && *trigger == c.trigger;
          },
          [&](const CreateEnum& c) { return schema.find_enum(c.enumeration.name) != nullptr; },
          [&](const AlterEnum& c) {
            const Enum* found = schema.find_enum(c.enumeration.name);
            return found != nullptr && *found == c.enumeration;
          },
          [&](const DropEnum& c) { return schema.find_enum(c.enumeration) == nullptr; },
          [&](const SetComment& c) {
            return shows(c.table, [&](const Table& t) {
              const Column* column = t.find_column(c.column);
              if (column != nullptr) return column->comment == c.comment;
              return c.column.empty() && t.comment == c.comment;
            });
          },
          [&](const SetTableOptions& c) {
            return shows(c.table, [&](const Table& t) {
              return t.is_strict == c.is_strict && t.is_without_rowid == c.is_without_rowid;
            });
          },
          [](const Backfill&) { return false; },
          [&](const Execute& c) {
            return !c.stands_for.empty() &&
                   std::ranges::all_of(c.stands_for, [&](const AnyChange& each) {
                     return is_in_effect(schema, each.change);
                   });
          },
      },
      change);
}

}  // namespace parley::schema
