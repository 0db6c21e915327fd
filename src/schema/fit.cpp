#include "schema/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "schema/usage.h"

namespace parley::schema {
namespace {

template <class List>
Names names_of(const List& list) {
  Names names;
  for (const auto& each : list) names.push_back(each.name);
  return names;
}

std::string did_you_mean(std::string_view name, const Names& candidates) {
  const std::string candidate = nearest(name, candidates);
  return candidate.empty() ? "" : fmt::format("Did you mean '{}'?", candidate);
}

// ---- What must be there. ----

const Table& require_table(const Schema& schema, const std::string& name) {
  const Table* table = schema.find_table(name);
  if (table == nullptr) {
    refuse(fmt::format("there is no table '{}'", name),
           did_you_mean(name, names_of(schema.tables)));
  }
  return *table;
}

const Column& require_column(const Table& table, const std::string& name) {
  const Column* column = table.find_column(name);
  if (column == nullptr) {
    refuse(fmt::format("table '{}' has no column '{}'", table.name, name),
           did_you_mean(name, names_of(table.columns)));
  }
  return *column;
}

/// Every key, constraint and index is on at least one column, each of the table and none twice.
void require_columns(const Table& table, const Names& columns, const std::string& user) {
  if (columns.empty()) refuse(fmt::format("{} of table '{}' lists no columns", user, table.name));
  for (const std::string& column : columns) require_column(table, column);
  if (std::set<std::string>(columns.begin(), columns.end()).size() != columns.size()) {
    refuse(fmt::format("{} of table '{}' lists a column twice: {}", user, table.name,
                       join(columns, ", ")));
  }
}

// ---- What must not be there yet. ----

void require_name(const std::string& name, std::string_view what) {
  if (trim(name).empty()) refuse(fmt::format("{} needs a name", what));
}

/// Tables and views share one space of names.
void require_new_relation(const Schema& schema, const std::string& name) {
  if (schema.find_table(name) != nullptr) refuse(fmt::format("table '{}' exists already", name));
  if (schema.find_view(name) != nullptr) refuse(fmt::format("view '{}' exists already", name));
}

void require_new_table(const Schema& schema, const std::string& name) {
  require_name(name, "a table");
  require_new_relation(schema, name);
}

void require_new_column(const Table& table, const std::string& name) {
  require_name(name, fmt::format("a column of table '{}'", table.name));
  if (table.find_column(name) != nullptr) {
    refuse(fmt::format("table '{}' has a column '{}' already", table.name, name));
  }
}

/// Constraints of one table share one space of names, whatever their kind.
void require_new_constraint(const Table& table, const std::string& name) {
  if (name.empty()) return;
  const bool is_taken = (table.primary_key && table.primary_key->name == name) ||
                        contains(names_of(table.uniques), name) ||
                        contains(names_of(table.checks), name) ||
                        contains(names_of(table.foreign_keys), name);
  if (is_taken) refuse(fmt::format("table '{}' has a constraint '{}' already", table.name, name));
}

// ---- Whether a part fits a table that does not have it yet. ----

void require_fit_of(const Schema& schema, const std::string& table, const Column& column) {
  const std::string where = table + "." + column.name;
  if (column.generated && (column.default_value || column.auto_increment || column.on_update_now)) {
    refuse(fmt::format("column '{}' is generated and so has no default", where));
  }
  if (column.generated && trim(column.generated->expression).empty()) {
    refuse(fmt::format("generated column '{}' has no expression", where));
  }
  if (column.type.kind != TypeKind::Enum) return;
  const Enum* found = schema.find_enum(column.type.native);
  if (found == nullptr) {
    refuse(
        fmt::format("column '{}' is of enum '{}', which does not exist", where, column.type.native),
        did_you_mean(column.type.native, names_of(schema.enums)));
  }
  const auto* value =
      column.default_value ? std::get_if<std::string>(&*column.default_value) : nullptr;
  if (value != nullptr && !contains(found->values, *value)) {
    refuse(fmt::format("the default '{}' of column '{}' is no value of enum '{}'", *value, where,
                       found->name),
           did_you_mean(*value, found->values));
  }
}

void require_fit_of(const Table& table, const PrimaryKey& key) {
  if (table.primary_key) {
    refuse(fmt::format("table '{}' has a primary key already, on {}", table.name,
                       join(table.primary_key->columns, ", ")),
           "Drop that one first.");
  }
  require_columns(table, key.columns, "the primary key");
  require_new_constraint(table, key.name);
}

void require_fit_of(const Table& table, const Unique& unique) {
  require_columns(table, unique.columns, "unique constraint " + label(unique.name, unique.columns));
  require_new_constraint(table, unique.name);
  if (unique.name.empty() && find_unique(table, unique) != nullptr) {
    refuse(fmt::format("table '{}' has a unique constraint on {} already", table.name,
                       join(unique.columns, ", ")));
  }
}

void require_fit_of(const Table& table, const Check& check) {
  if (trim(check.expression).empty()) {
    refuse(fmt::format("check '{}' of table '{}' has no expression", check.name, table.name));
  }
  require_new_constraint(table, check.name);
}

void require_fit_of(const Table& table, const Index& index) {
  require_name(index.name, fmt::format("an index of table '{}'", table.name));
  const std::string user = fmt::format("index '{}'", index.name);
  if (index.parts.empty()) require_columns(table, {}, user);
  if (const Names columns = columns_of(index); !columns.empty()) {
    require_columns(table, columns, user);
  }
  if (!index.include.empty()) require_columns(table, index.include, user);
  if (table.find_index(index.name) != nullptr) {
    refuse(fmt::format("table '{}' has an index '{}' already", table.name, index.name));
  }
}

/// `referenced` is the table that `key` points to; it may be `table` itself.
void require_fit_of(const Table& table, const Table& referenced, const ForeignKey& key) {
  const std::string user = "foreign key " + label(key.name, key.columns);
  require_columns(table, key.columns, user);
  require_columns(referenced, key.referenced_columns, user);
  if (key.columns.size() != key.referenced_columns.size()) {
    refuse(fmt::format("{} of table '{}' has {} columns but refers to {}", user, table.name,
                       key.columns.size(), key.referenced_columns.size()));
  }
  require_new_constraint(table, key.name);
  if (key.name.empty() && find_foreign_key(table, key) != nullptr) {
    refuse(fmt::format("table '{}' has a foreign key on {} already", table.name,
                       join(key.columns, ", ")));
  }
}

// ---- One function per change that has more to ask than two lines. ----

/// Puts the table together part by part, so that every part meets the same questions as when it is
/// added.
void fit(const Schema& schema, const CreateTable& change) {
  const Table& wanted = change.table;
  require_new_table(schema, wanted.name);
  if (wanted.columns.empty()) refuse(fmt::format("table '{}' has no columns", wanted.name));
  Table table;
  table.name = wanted.name;
  for (const Column& column : wanted.columns) {
    require_new_column(table, column.name);
    require_fit_of(schema, wanted.name, column);
    table.columns.push_back(column);
  }
  const auto add_all = [&](const auto& parts, auto& built) {
    for (const auto& part : parts) {
      require_fit_of(table, part);
      built.push_back(part);
    }
  };
  if (wanted.primary_key) require_fit_of(table, *wanted.primary_key);
  table.primary_key = wanted.primary_key;
  add_all(wanted.uniques, table.uniques);
  add_all(wanted.checks, table.checks);
  add_all(wanted.indexes, table.indexes);
  for (const ForeignKey& key : wanted.foreign_keys) {
    const bool is_own = key.referenced_table == table.name;
    require_fit_of(table, is_own ? table : require_table(schema, key.referenced_table), key);
    table.foreign_keys.push_back(key);
  }
}

void fit(const Schema& schema, const DropTable& change) {
  require_unreferenced(schema, require_table(schema, change.table));
  require_unmentioned(schema, change.table);
}

void fit(const Schema& schema, const RenameColumn& change) {
  const Table& table = require_table(schema, change.table);
  require_column(table, change.column);
  require_new_column(table, change.new_name);
  require_unread(schema, change.table, change.column, RowColumns::Follow);
}

void fit(const Schema& schema, const DropColumn& change) {
  const Table& table = require_table(schema, change.table);
  require_column(table, change.column);
  require_unread(schema, change.table, change.column, RowColumns::Count);
  require_unused(schema, table, change.column);
  if (table.columns.size() == 1) {
    refuse(fmt::format("column '{}' is the only one of table '{}'", change.column, change.table),
           "Drop the table instead.");
  }
}

const Index* require_index(const Table& table, const std::string& name) {
  const Index* index = table.find_index(name);
  if (index == nullptr) {
    refuse(fmt::format("table '{}' has no index '{}'", table.name, name),
           did_you_mean(name, names_of(table.indexes)));
  }
  return index;
}

void fit(const Schema& schema, const RenameIndex& change) {
  const Table& table = require_table(schema, change.table);
  require_index(table, change.index);
  require_name(change.new_name, fmt::format("an index of table '{}'", table.name));
  if (table.find_index(change.new_name) != nullptr) {
    refuse(fmt::format("table '{}' has an index '{}' already", table.name, change.new_name));
  }
}

void fit(const Schema& schema, const DropIndex& change) {
  const Table& table = require_table(schema, change.table);
  const Index* index = require_index(table, change.index);
  if (!index->unique) return;
  Table without = table;
  std::erase(without.indexes, *index);
  require_keys_still_served(schema, without, columns_of(*index));
}

void fit(const Schema& schema, const DropPrimaryKey& change) {
  const Table& table = require_table(schema, change.table);
  if (!table.primary_key) refuse(fmt::format("table '{}' has no primary key", table.name));
  Table without = table;
  without.primary_key.reset();
  require_keys_still_served(schema, without, table.primary_key->columns);
}

void fit(const Schema& schema, const DropUnique& change) {
  const Table& table = require_table(schema, change.table);
  const Unique* unique = find_unique(table, change.unique);
  if (unique == nullptr) {
    refuse(fmt::format("table '{}' has no unique constraint {}", table.name,
                       label(change.unique.name, change.unique.columns)),
           did_you_mean(change.unique.name, names_of(table.uniques)));
  }
  Table without = table;
  std::erase(without.uniques, *unique);
  require_keys_still_served(schema, without, unique->columns);
}

void fit(const Schema& schema, const AddCheck& change) {
  require_name(change.check.name, fmt::format("a check added to table '{}'", change.table));
  require_fit_of(require_table(schema, change.table), change.check);
}

void fit(const Schema& schema, const DropCheck& change) {
  const Table& table = require_table(schema, change.table);
  if (find_check(table, change) != nullptr) return;
  if (change.check.empty()) {
    refuse(fmt::format("table '{}' has no check ({})", table.name, change.expression));
  }
  refuse(fmt::format("table '{}' has no check '{}'", table.name, change.check),
         did_you_mean(change.check, names_of(table.checks)));
}

void fit(const Schema& schema, const DropForeignKey& change) {
  const Table& table = require_table(schema, change.table);
  if (find_foreign_key(table, change.foreign_key) != nullptr) return;
  refuse(fmt::format("table '{}' has no foreign key {}", table.name,
                     label(change.foreign_key.name, change.foreign_key.columns)),
         did_you_mean(change.foreign_key.name, names_of(table.foreign_keys)));
}

// ---- Views, triggers, enums, rows. ----

void require_texts(const SqlTexts& texts, const std::string& what) {
  const auto is_empty = [](const SqlText& text) { return trim(text.sql).empty(); };
  if (texts.empty() || std::ranges::any_of(texts, is_empty)) {
    refuse(fmt::format("{} has no SQL", what));
  }
}

void require_view(const Schema& schema, const std::string& name) {
  if (schema.find_view(name) != nullptr) return;
  refuse(fmt::format("there is no view '{}'", name), did_you_mean(name, names_of(schema.views)));
}

void fit(const Schema& schema, const CreateView& change) {
  require_name(change.view.name, "a view");
  require_new_relation(schema, change.view.name);
  require_texts(change.view.query, fmt::format("view '{}'", change.view.name));
}

void fit(const Schema& schema, const ReplaceView& change) {
  require_view(schema, change.view.name);
  require_texts(change.view.query, fmt::format("view '{}'", change.view.name));
}

void fit(const Schema& schema, const DropView& change) {
  require_view(schema, change.view);
  require_unmentioned(schema, change.view);
}

void require_trigger(const Schema& schema, const std::string& table, const std::string& name) {
  if (schema.find_trigger(table, name) != nullptr) return;
  Names names;
  for (const Trigger& each : schema.triggers) {
    if (each.table == table) names.push_back(each.name);
  }
  refuse(fmt::format("'{}' has no trigger '{}'", table, name), did_you_mean(name, names));
}

void require_fit_of(const Schema& schema, const Trigger& trigger) {
  const std::string what = fmt::format("trigger '{}' of '{}'", trigger.name, trigger.table);
  require_name(trigger.name, fmt::format("a trigger of '{}'", trigger.table));
  require_texts(trigger.body, what);
  if (!trigger.events.insert && !trigger.events.update && !trigger.events.remove) {
    refuse(what + " fires on nothing", "Say insert, update or delete.");
  }
  if (schema.find_view(trigger.table) != nullptr) return;
  const Table& table = require_table(schema, trigger.table);
  for (const std::string& column : trigger.update_of) require_column(table, column);
}

void fit(const Schema& schema, const CreateTrigger& change) {
  const Trigger& trigger = change.trigger;
  require_fit_of(schema, trigger);
  if (schema.find_trigger(trigger.table, trigger.name) == nullptr) return;
  refuse(fmt::format("'{}' has a trigger '{}' already", trigger.table, trigger.name));
}

void fit(const Schema& schema, const ReplaceTrigger& change) {
  require_trigger(schema, change.trigger.table, change.trigger.name);
  require_fit_of(schema, change.trigger);
}

const Enum& require_enum(const Schema& schema, const std::string& name) {
  const Enum* found = schema.find_enum(name);
  if (found == nullptr) {
    refuse(fmt::format("there is no enum '{}'", name), did_you_mean(name, names_of(schema.enums)));
  }
  return *found;
}

void require_values(const Enum& enumeration) {
  const Names& values = enumeration.values;
  if (values.empty()) refuse(fmt::format("enum '{}' has no values", enumeration.name));
  if (std::set<std::string>(values.begin(), values.end()).size() != values.size()) {
    refuse(fmt::format("enum '{}' lists a value twice: {}", enumeration.name, join(values, ", ")));
  }
}

void fit(const Schema& schema, const CreateEnum& change) {
  require_name(change.enumeration.name, "an enum");
  require_values(change.enumeration);
  if (schema.find_enum(change.enumeration.name) == nullptr) return;
  refuse(fmt::format("enum '{}' exists already", change.enumeration.name));
}

void require_mapping(const Enum& before, const Enum& after, const ValueMapping& mapping) {
  if (!contains(before.values, mapping.from)) {
    refuse(fmt::format("enum '{}' has no value '{}'", before.name, mapping.from),
           did_you_mean(mapping.from, before.values));
  }
  if (contains(after.values, mapping.from)) {
    refuse(fmt::format("value '{}' of enum '{}' is mapped to '{}', but stays in the list",
                       mapping.from, before.name, mapping.to));
  }
  if (!contains(after.values, mapping.to)) {
    refuse(fmt::format("value '{}' of enum '{}' is mapped to '{}', which is not in the list",
                       mapping.from, before.name, mapping.to),
           did_you_mean(mapping.to, after.values));
  }
}

void fit(const Schema& schema, const AlterEnum& change) {
  const Enum& before = require_enum(schema, change.enumeration.name);
  require_values(change.enumeration);
  for (const ValueMapping& each : change.replaced) {
    require_mapping(before, change.enumeration, each);
  }
  for (const ValueMapping& each : change.renamed) {
    require_mapping(before, change.enumeration, each);
    if (!contains(before.values, each.to)) continue;
    refuse(fmt::format("value '{}' of enum '{}' cannot be renamed to '{}', which is there already",
                       each.from, before.name, each.to),
           "Replace it instead: the two become one.");
  }
}

void fit(const Schema& schema, const DropEnum& change) {
  require_enum(schema, change.enumeration);
  require_unused_enum(schema, change.enumeration);
}

void fit(const Schema& schema, const SetComment& change) {
  const Table& table = require_table(schema, change.table);
  if (!change.column.empty()) require_column(table, change.column);
}

void fit(const Schema& schema, const Backfill& change) {
  const Table& table = require_table(schema, change.table);
  if (change.set.empty()) refuse(fmt::format("the backfill of '{}' sets nothing", change.table));
  for (const Assignment& each : change.set) {
    const Column& column = require_column(table, each.column);
    const std::string name = fmt::format("{}.{}", change.table, each.column);
    require_texts(each.value, fmt::format("the backfill of '{}'", name));
    if (column.generated) refuse(fmt::format("column '{}' is generated: nobody can set it", name));
  }
}

void fit(Schema schema, const Execute& change) {
  for (const AnyChange& each : change.stands_for) apply(schema, each.change);
}

template <class Constraint>
const Constraint* find_by_name_or_columns(const std::vector<Constraint>& list,
                                          const Constraint& wanted) {
  const Constraint* found = nullptr;
  for (const Constraint& each : list) {
    if (!wanted.name.empty()) {
      if (each.name == wanted.name) return &each;
    } else if (each.columns == wanted.columns) {
      if (each.name.empty()) return &each;
      if (found == nullptr) found = &each;
    }
  }
  return found;
}

}  // namespace

void refuse(const std::string& message, std::string hint) {
  throw Error(ErrorCode::InvalidRevisionFile, message, std::move(hint));
}

const Unique* find_unique(const Table& table, const Unique& wanted) {
  return find_by_name_or_columns(table.uniques, wanted);
}

const ForeignKey* find_foreign_key(const Table& table, const ForeignKey& wanted) {
  return find_by_name_or_columns(table.foreign_keys, wanted);
}

const Check* find_check(const Table& table, std::string_view name) {
  const auto found = std::find_if(table.checks.begin(), table.checks.end(), [&](const Check& each) {
    return !name.empty() && each.name == name;
  });
  return found == table.checks.end() ? nullptr : &*found;
}

const Check* find_check(const Table& table, const DropCheck& wanted) {
  if (!wanted.check.empty()) return find_check(table, wanted.check);
  const auto found = std::find_if(table.checks.begin(), table.checks.end(), [&](const Check& each) {
    return each.name.empty() && each.expression == wanted.expression;
  });
  return found == table.checks.end() ? nullptr : &*found;
}

void require_fit(const Schema& schema, const Change& change) {
  const auto table = [&](const auto& c) -> const Table& { return require_table(schema, c.table); };
  std::visit(overloaded{
                 [&](const CreateTable& c) { fit(schema, c); },
                 [&](const DropTable& c) { fit(schema, c); },
                 [&](const RenameTable& c) { table(c), require_new_table(schema, c.new_name); },
                 [&](const AddColumn& c) {
                   require_new_column(table(c), c.column.name);
                   require_fit_of(schema, c.table, c.column);
                 },
                 [&](const DropColumn& c) { fit(schema, c); },
                 [&](const AlterColumn& c) {
                   require_column(table(c), c.column.name);
                   require_fit_of(schema, c.table, c.column);
                 },
                 [&](const RenameColumn& c) { fit(schema, c); },
                 [&](const CreateIndex& c) { require_fit_of(table(c), c.index); },
                 [&](const DropIndex& c) { fit(schema, c); },
                 [&](const AddPrimaryKey& c) { require_fit_of(table(c), c.primary_key); },
                 [&](const DropPrimaryKey& c) { fit(schema, c); },
                 [&](const AddUnique& c) { require_fit_of(table(c), c.unique); },
                 [&](const DropUnique& c) { fit(schema, c); },
                 [&](const AddCheck& c) { fit(schema, c); },
                 [&](const DropCheck& c) { fit(schema, c); },
                 [&](const AddForeignKey& c) {
                   const Table& referenced = require_table(schema, c.foreign_key.referenced_table);
                   require_fit_of(table(c), referenced, c.foreign_key);
                 },
                 [&](const DropForeignKey& c) { fit(schema, c); },
                 [&](const RenameIndex& c) { fit(schema, c); },
                 [&](const CreateView& c) { fit(schema, c); },
                 [&](const DropView& c) { fit(schema, c); },
                 [&](const ReplaceView& c) { fit(schema, c); },
                 [&](const CreateTrigger& c) { fit(schema, c); },
                 [&](const DropTrigger& c) { require_trigger(schema, c.table, c.trigger); },
                 [&](const ReplaceTrigger& c) { fit(schema, c); },
                 [&](const CreateEnum& c) { fit(schema, c); },
                 [&](const AlterEnum& c) { fit(schema, c); },
                 [&](const DropEnum& c) { fit(schema, c); },
                 [&](const SetComment& c) { fit(schema, c); },
                 [&](const SetTableOptions& c) { table(c); },
                 [&](const Backfill& c) { fit(schema, c); },
                 [&](const Execute& c) { fit(schema, c); },
             },
             change);
}

}  // namespace parley::schema
