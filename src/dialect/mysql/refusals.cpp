#include "dialect/mysql/refusals.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace parley::dialect {
namespace {

using fmt::format;
using schema::TypeKind;

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
  throw Error(ErrorCode::UnsupportedChange, message, hint);
}

bool needs_prefix(const schema::Type& type) {
  const bool is_unbounded = type.kind == TypeKind::Binary && type.length == 0;
  const bool is_native = type.kind == TypeKind::Native &&
                         (type.native.ends_with("text") || type.native.ends_with("blob"));
  const bool is_text = type.kind == TypeKind::Text && !is_mysql_short_text(type);
  return is_text || type.kind == TypeKind::Json || is_unbounded || is_native;
}

void refuse_method(const std::string& name, const schema::Index& index) {
  const std::string method = mysql_index_method(index);
  const bool is_special = method == "fulltext" || method == "spatial";
  if (method == "hash") {
    refuse(name + " is a hash index: InnoDB would make a B-tree of it without a word",
           "Leave its method out.");
  }
  if (!method.empty() && !is_special) {
    refuse(
        format("{} uses the method '{}', which MySQL and MariaDB do not have", name, index.method),
        "Use fulltext or spatial, or leave its method out for a B-tree.");
  }
  const bool is_plain =
      std::all_of(index.parts.begin(), index.parts.end(), [](const schema::IndexPart& part) {
        return part.expression.empty() && part.prefix_length == 0 && !part.descending;
      });
  if (is_special && (index.unique || !is_plain)) {
    refuse(format("{} is {}: it cannot be unique, and its parts are whole columns without an order",
                  name, index.method),
           "Make it a plain index on its columns, or leave its method out.");
  }
}

void refuse_part(const std::string& name, const schema::IndexPart& part,
                 const MysqlFlavor& flavor) {
  if (!part.expression.empty() && !flavor.capabilities.expression_indexes) {
    refuse(format("{} is on the expression '{}', and MariaDB has indexes on columns only", name,
                  part.expression),
           "Add a generated column with this expression, and make the index on that column.");
  }
  if (!part.collation.empty()) {
    refuse(format("{} has a collation of its own for '{}', which MySQL and MariaDB do not have",
                  name, part.column + part.expression),
           "Give the collation to the column.");
  }
  if (!part.operator_class.empty()) {
    refuse(format("{} names the operator class '{}', which only PostgreSQL has", name,
                  part.operator_class),
           "Leave it out.");
  }
  if (part.nulls != schema::NullsOrder::Usual) {
    refuse(name +
               " says where NULL is sorted: MySQL and MariaDB always have it first, or last when"
               " descending",
           "Leave the order of NULL out.");
  }
}

void refuse_null_in_spatial(const std::string& name, const schema::Table& table,
                            const schema::Index& index) {
  for (const schema::IndexPart& part : index.parts) {
    const schema::Column* column = table.find_column(part.column);
    if (column == nullptr || !column->nullable) continue;
    refuse(format("{} is spatial, but '{}' may be NULL", name, part.column),
           "Make the column NOT NULL first.");
  }
}

/// Throws when another table has a constraint of that name.
template <class List>
void refuse_taken_name(std::string_view what, const std::string& name, const std::string& table,
                       const schema::Schema& before, List schema::Table::* constraints) {
  if (name.empty()) return;
  refuse_long_mysql_name(what, name);
  for (const schema::Table& other : before.tables) {
    if (other.name == table) continue;
    for (const auto& each : other.*constraints) {
      if (!equals_ignoring_case(each.name, name)) continue;
      refuse(
          format("the {} '{}' of '{}' has the name of one of table '{}', and here such names are "
                 "unique in the whole database",
                 what, name, table, other.name),
          "Put the table's name into it.");
    }
  }
}

bool leads_a_key(const schema::Table& table, const std::string& column) {
  const auto leads = [&](const auto& key) {
    return !key.columns.empty() && key.columns.front() == column;
  };
  return (table.primary_key && leads(*table.primary_key)) ||
         std::any_of(table.uniques.begin(), table.uniques.end(), leads);
}

}  // namespace

void refuse_mysql_column(const std::string& table, const schema::Column& column) {
  const schema::Type& type = column.type;
  refuse_long_mysql_name("column", column.name);
  if (column.generated && (column.default_value || column.auto_increment || column.on_update_now)) {
    refuse(format("column '{}.{}' is generated, so nothing else can give it a value", table,
                  column.name),
           "Leave its default, auto_increment and on_update_now out.");
  }
  if (type.kind == TypeKind::String && type.length <= 0) {
    refuse(
        format("column '{}.{}' is a VARCHAR without a length, which MySQL and MariaDB do not have",
               table, column.name),
        "Give it a length, such as string(255), or make it text.");
  }
  const bool is_time = type.kind == TypeKind::DateTime || type.kind == TypeKind::Native;
  if (column.on_update_now && !is_time) {
    refuse(format("column '{}.{}' cannot follow the time of updates: only a DATETIME can", table,
                  column.name),
           "Make it a datetime column, or drop on_update_now.");
  }
}

void refuse_mysql_key(const schema::Table& table, const std::vector<std::string>& columns) {
  for (const std::string& name : columns) {
    const schema::Column* column = table.find_column(name);
    if (column == nullptr || !needs_prefix(column->type)) continue;
    refuse(
        format(
            "'{}.{}' is {}, which MySQL and MariaDB cannot have in a key without a prefix length",
            table.name, name, mysql_type_text(column->type)),
        "Make it a string with a length.");
  }
}

void refuse_long_mysql_name(std::string_view what, const std::string& name) {
  if (code_points(name) <= 64) return;
  refuse(format("the name of {} '{}' has more than 64 characters, which MySQL and MariaDB refuse",
                what, name),
         "Give it a shorter name.");
}

void refuse_mysql_index(const schema::Table& table, const schema::Index& index,
                        const MysqlFlavor& flavor) {
  const std::string name = format("index '{}' of table '{}'", index.name, table.name);
  refuse_long_mysql_name("index", index.name);
  if (!index.where.empty()) {
    refuse(name + " is partial, which MySQL and MariaDB do not have",
           "Drop its condition, or create it for other engines only.");
  }
  if (!index.include.empty()) {
    refuse(
        name + " includes columns that are no part of its key, which MySQL and MariaDB do not have",
        "Make them the last columns of its key, or leave them out.");
  }
  refuse_method(name, index);
  for (const schema::IndexPart& part : index.parts) refuse_part(name, part, flavor);
  if (mysql_index_method(index) == "spatial") refuse_null_in_spatial(name, table, index);
  if (!mysql_index_method(index).empty()) return;
  std::vector<std::string> columns;
  for (const schema::IndexPart& part : index.parts) {
    if (part.expression.empty() && part.prefix_length == 0) columns.push_back(part.column);
  }
  refuse_mysql_key(table, columns);
}

void refuse_mysql_check(const std::string& table, const schema::Check& check,
                        const MysqlState& state) {
  refuse_long_mysql_name("check", check.name);
  if (!state.flavor.checks_named_per_database) return;
  refuse_taken_name("check", check.name, table, state.before, &schema::Table::checks);
}

void refuse_mysql_foreign_key(const schema::Table& table, const schema::ForeignKey& key,
                              const MysqlState& state) {
  using schema::ReferenceAction;
  refuse_taken_name("foreign key", key.name, table.name, state.before,
                    &schema::Table::foreign_keys);
  if (key.deferral != schema::Deferral::NotDeferrable) {
    refuse(
        format("the foreign key of '{}' to '{}' is deferrable, but InnoDB checks each row at once",
               table.name, key.referenced_table),
        "Make it not deferrable, and write the referenced rows first.");
  }
  refuse_mysql_key(table, key.columns);
  if (key.on_delete == ReferenceAction::SetDefault ||
      key.on_update == ReferenceAction::SetDefault) {
    refuse(format("the foreign key of '{}' to '{}' uses SET DEFAULT, which InnoDB does not have",
                  table.name, key.referenced_table),
           "Use SET NULL or CASCADE.");
  }
  const bool sets_null =
      key.on_delete == ReferenceAction::SetNull || key.on_update == ReferenceAction::SetNull;
  for (const std::string& name : key.columns) {
    const schema::Column* column = table.find_column(name);
    if (!sets_null || column == nullptr || column->nullable) continue;
    refuse(format("the foreign key of '{}' to '{}' sets '{}' to NULL, but that column is NOT NULL",
                  table.name, key.referenced_table, name),
           "Make the column nullable, or use another action.");
  }
}

void refuse_mysql_table(const schema::Table& table, const MysqlState& state) {
  refuse_long_mysql_name("table", table.name);
  for (const schema::Column& column : table.columns) {
    refuse_mysql_column(table.name, column);
    if (column.auto_increment && !leads_a_key(table, column.name)) {
      refuse(format("'{}.{}' counts up but is in no key, which MySQL and MariaDB refuse",
                    table.name, column.name),
             "Make it the primary key or a unique constraint of the same table.");
    }
  }
  if (table.primary_key) refuse_mysql_key(table, table.primary_key->columns);
  for (const schema::Unique& unique : table.uniques) {
    refuse_long_mysql_name("unique constraint", unique.name);
    refuse_mysql_key(table, unique.columns);
  }
  for (const schema::Check& check : table.checks) refuse_mysql_check(table.name, check, state);
  for (const schema::Index& index : table.indexes) refuse_mysql_index(table, index, state.flavor);
  for (const schema::ForeignKey& key : table.foreign_keys) {
    refuse_mysql_foreign_key(table, key, state);
  }
}

void refuse_mysql_view(const schema::View& view) {
  refuse_long_mysql_name("view", view.name);
  if (!view.is_materialized) return;
  refuse(format("view '{}' is materialized, which MySQL and MariaDB do not have", view.name),
         "Make it a plain view, or a table that a backfill fills.");
}

void refuse_mysql_trigger(const schema::Trigger& trigger, const schema::Schema& before) {
  const std::string name = format("trigger '{}' of '{}'", trigger.name, trigger.table);
  refuse_long_mysql_name("trigger", trigger.name);
  if (trigger.time == schema::TriggerTime::InsteadOf) {
    refuse(name + " fires instead of the change, and MySQL and MariaDB have no triggers on views",
           "Make it a BEFORE trigger of the table behind the view.");
  }
  if (trigger.for_each_statement) {
    refuse(name + " fires once for a statement, but MySQL and MariaDB fire for each row only",
           "Make it a trigger for each row.");
  }
  const schema::TriggerEvents& events = trigger.events;
  if (int{events.insert} + int{events.update} + int{events.remove} > 1) {
    refuse(name + " has several events, but on MySQL and MariaDB a trigger has one",
           "Write one trigger for each event, with a name of its own.");
  }
  if (!trigger.update_of.empty()) {
    refuse(name + " fires when certain columns are set, which MySQL and MariaDB do not tell",
           "Leave the columns out, and compare in its condition: NOT (NEW.a <=> OLD.a).");
  }
  for (const schema::Trigger& other : before.triggers) {
    if (other.table == trigger.table || !equals_ignoring_case(other.name, trigger.name)) continue;
    refuse(format("{} has the name of one of '{}', and here such names are unique in the whole "
                  "database",
                  name, other.table),
           "Put the table's name into it.");
  }
}

}  // namespace parley::dialect
