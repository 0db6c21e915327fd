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

void require_new_table(const Schema& schema, const std::string& name) {
  require_name(name, "a table");
  if (schema.find_table(name) != nullptr) refuse(fmt::format("table '{}' exists already", name));
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
  require_columns(table, columns_of(index), fmt::format("index '{}'", index.name));
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

void fit(const Schema& schema, const DropColumn& change) {
  const Table& table = require_table(schema, change.table);
  require_column(table, change.column);
  require_unused(schema, table, change.column);
  if (table.columns.size() == 1) {
    refuse(fmt::format("column '{}' is the only one of table '{}'", change.column, change.table),
           "Drop the table instead.");
  }
}

void fit(const Schema& schema, const DropIndex& change) {
  const Table& table = require_table(schema, change.table);
  const Index* index = table.find_index(change.index);
  if (index == nullptr) {
    refuse(fmt::format("table '{}' has no index '{}'", table.name, change.index),
           did_you_mean(change.index, names_of(table.indexes)));
  }
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
  if (find_check(table, change.check) != nullptr) return;
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

void require_fit(const Schema& schema, const Change& change) {
  const auto table = [&](const auto& c) -> const Table& { return require_table(schema, c.table); };
  std::visit(overloaded{
                 [&](const CreateTable& c) { fit(schema, c); },
                 [&](const DropTable& c) { require_unreferenced(schema, table(c)); },
                 [&](const RenameTable& c) { table(c), require_new_table(schema, c.new_name); },
                 [&](const AddColumn& c) { require_new_column(table(c), c.column.name); },
                 [&](const DropColumn& c) { fit(schema, c); },
                 [&](const AlterColumn& c) { require_column(table(c), c.column.name); },
                 [&](const RenameColumn& c) {
                   require_column(table(c), c.column);
                   require_new_column(table(c), c.new_name);
                 },
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
                 [](const Execute&) {},
             },
             change);
}

}  // namespace parley::schema
