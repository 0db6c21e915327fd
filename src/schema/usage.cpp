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

bool is_used_by(const Index& index, const std::string& column) {
  return contains(columns_of(index), column) || contains(index.include, column) ||
         mentions_column(index.where, column) ||
         std::ranges::any_of(index.parts, [&](const IndexPart& part) {
           return mentions_column(part.expression, column);
         });
}

bool mention(const SqlTexts& texts, const std::string& name) {
  return std::ranges::any_of(texts,
                             [&](const SqlText& text) { return mentions_name(text.sql, name); });
}

bool mentions(const Trigger& trigger, const std::string& name) {
  return mention(trigger.when, name) || mention(trigger.body, name);
}

/// Without what a rename of the column would carry along.
bool mentions_beside_rows(const SqlTexts& texts, const std::string& column) {
  return std::ranges::any_of(texts, [&](const SqlText& text) {
    return mentions_name(rename_row_column_in(text.sql, column, ""), column);
  });
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
    if (!is_used_by(each, column)) continue;
    return fmt::format("index '{}'", each.name);
  }
  for (const Column& each : table.columns) {
    if (!each.generated || each.name == column) continue;
    if (mentions_column(each.generated->expression, column)) return "column '" + each.name + "'";
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
           return each.unique && each.where.empty() && !has_partial_parts(each) &&
                  is_on(columns_of(each));
         });
}

}  // namespace

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Names columns_of(const Index& index) {
  Names columns;
  for (const IndexPart& part : index.parts) {
    if (part.expression.empty()) columns.push_back(part.column);
  }
  return columns;
}

bool has_partial_parts(const Index& index) {
  return std::ranges::any_of(index.parts, [](const IndexPart& part) {
    return !part.expression.empty() || part.prefix_length > 0;
  });
}

void require_unmentioned(const Schema& schema, const std::string& name) {
  for (const View& view : schema.views) {
    if (view.name == name || !mention(view.query, name)) continue;
    refuse(
        fmt::format("view '{}' reads '{}'", view.name, name),
        fmt::format("Drop view '{}' first, and create it again afterwards if it still makes sense.",
                    view.name));
  }
  for (const Trigger& trigger : schema.triggers) {
    if (trigger.table == name || !mentions(trigger, name)) continue;
    refuse(fmt::format("trigger '{}' of '{}' uses '{}'", trigger.name, trigger.table, name),
           fmt::format("Drop or replace trigger '{}' first.", trigger.name));
  }
}

void require_unread(const Schema& schema, const std::string& table, const std::string& column,
                    RowColumns row_columns) {
  for (const View& view : schema.views) {
    if (!mention(view.query, table) || !mention(view.query, column)) continue;
    refuse(fmt::format("view '{}' reads column '{}.{}'", view.name, table, column),
           fmt::format("Drop view '{}' first, and create it again afterwards.", view.name));
  }
  for (const Trigger& trigger : schema.triggers) {
    const bool is_own = trigger.table == table;
    if (!is_own && !mentions(trigger, table)) continue;
    const bool follows = is_own && row_columns == RowColumns::Follow;
    const bool is_read = follows ? mentions_beside_rows(trigger.when, column) ||
                                       mentions_beside_rows(trigger.body, column)
                                 : mentions(trigger, column) || contains(trigger.update_of, column);
    if (!is_read) continue;
    refuse(fmt::format("trigger '{}' of '{}' uses column '{}.{}'", trigger.name, trigger.table,
                       table, column),
           fmt::format("Drop trigger '{}' first, and create it again afterwards.", trigger.name));
  }
}

void require_unused_enum(const Schema& schema, const std::string& enumeration) {
  for (const Table& table : schema.tables) {
    for (const Column& column : table.columns) {
      if (column.type.kind != TypeKind::Enum || column.type.native != enumeration) continue;
      refuse(fmt::format("column '{}.{}' is of enum '{}'", table.name, column.name, enumeration),
             "Give the column another type, or drop it, first.");
    }
  }
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
