#include "schema/usage.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "schema/fit.h"
#include "schema/sql_names.h"

namespace parley::schema {
namespace {

/// Calls `visit(table, key)` for every foreign key that refers to `table`, its own included.
template <class Visit>
void for_each_reference_to(const Schema& schema, const std::string& table, const Visit& visit) {
  for (const Table& each : schema.tables) {
    for (const ForeignKey& key : each.foreign_keys) {
      if (key.referenced_table == table) visit(each, key);
    }
  }
}

std::string foreign_key_of(const Table& table, const ForeignKey& key) {
  return fmt::format("foreign key {} of table '{}'", label(key.name, key.columns), table.name);
}

/// What of the table itself uses the column, in words; empty when nothing does.
std::string user_of(const Table& table, const std::string& column) {
  if (table.primary_key && contains(table.primary_key->columns, column)) return "the primary key";
  for (const Unique& each : table.uniques) {
    if (!contains(each.columns, column)) continue;
    return "unique constraint " + label(each.name, each.columns);
  }
  for (const Check& each : table.checks) {
    if (!mentions_column(each.expression, column)) continue;
    return "check " + label(each.name, {each.expression});
  }
  for (const ForeignKey& each : table.foreign_keys) {
    if (contains(each.columns, column)) return "foreign key " + label(each.name, each.columns);
  }
  for (const Index& each : table.indexes) {
    if (!contains(columns_of(each), column) && !mentions_column(each.where, column)) continue;
    return fmt::format("index '{}'", each.name);
  }
  return "";
}

[[noreturn]] void refuse_in_use(const Table& table, const std::string& column,
                                const std::string& user) {
  refuse(fmt::format("column '{}.{}' is used by {}", table.name, column, user),
         fmt::format("Drop {} first.", user));
}

bool are_same_columns(const Names& a, const Names& b) {
  return std::is_permutation(a.begin(), a.end(), b.begin(), b.end());
}

bool is_unique(const Table& table, const Names& columns) {
  const auto is_on = [&](const Names& names) { return are_same_columns(names, columns); };
  return (table.primary_key && is_on(table.primary_key->columns)) ||
         std::any_of(table.uniques.begin(), table.uniques.end(),
                     [&](const Unique& each) { return is_on(each.columns); }) ||
         std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& each) {
           return each.unique && each.where.empty() && is_on(columns_of(each));
         });
}

}  // namespace

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Names columns_of(const Index& index) {
  Names columns;
  for (const IndexPart& part : index.parts) columns.push_back(part.column);
  return columns;
}

std::string label(const std::string& name, const Names& columns) {
  return name.empty() ? fmt::format("({})", join(columns, ", ")) : fmt::format("'{}'", name);
}

void require_unreferenced(const Schema& schema, const Table& table) {
  for_each_reference_to(schema, table.name, [&](const Table& other, const ForeignKey& key) {
    if (&other == &table) return;
    refuse(fmt::format("{} refers to table '{}'", foreign_key_of(other, key), table.name),
           fmt::format("Drop that foreign key, or table '{}', first.", other.name));
  });
}

void require_unused(const Schema& schema, const Table& table, const std::string& column) {
  const std::string user = user_of(table, column);
  if (!user.empty()) refuse_in_use(table, column, user);
  for_each_reference_to(schema, table.name, [&](const Table& other, const ForeignKey& key) {
    if (!contains(key.referenced_columns, column)) return;
    refuse_in_use(table, column, foreign_key_of(other, key));
  });
}

void require_keys_still_served(const Schema& schema, const Table& without, const Names& columns) {
  if (is_unique(without, columns)) return;
  for_each_reference_to(schema, without.name, [&](const Table& other, const ForeignKey& key) {
    if (!are_same_columns(key.referenced_columns, columns)) return;
    refuse(fmt::format("{} needs {} of table '{}' to be unique", foreign_key_of(other, key),
                       join(columns, ", "), without.name),
           "Drop that foreign key first.");
  });
}

}  // namespace parley::schema
