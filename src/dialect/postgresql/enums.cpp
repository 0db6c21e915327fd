#include "dialect/postgresql/enums.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/expression.h"
#include "dialect/postgresql/postgresql_dialect.h"
#include "dialect/postgresql/triggers.h"
#include "dialect/postgresql/views.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

using fmt::format;
using schema::AlterEnum;
using schema::Column;
using schema::Enum;
using schema::Schema;
using schema::Table;
using Statements = std::vector<std::string>;
using Names = std::vector<std::string>;

/// NAMEDATALEN - 1, in bytes.
constexpr std::size_t kValueMax = 63;

std::string name(std::string_view identifier) { return quote_name(identifier, postgresql_style()); }
std::string literal(std::string_view text) { return quote_string(text, postgresql_style()); }

void append(Statements& list, Statements more) {
  std::move(more.begin(), more.end(), std::back_inserter(list));
}

bool contains(const Names& names, const std::string& wanted) {
  return std::ranges::find(names, wanted) != names.end();
}

void require_short_values(const Enum& enumeration) {
  for (const std::string& value : enumeration.values) {
    if (value.size() <= kValueMax) continue;
    throw Error(ErrorCode::UnsupportedChange,
                format("value '{}' of enum '{}' has {} bytes, and PostgreSQL takes {}", value,
                       enumeration.name, value.size(), kValueMax),
                "Shorten the value, or use a text column with a check.");
  }
}

/// The values before the change, under the names that they have after it.
Names renamed_values(const AlterEnum& change, const Schema& before) {
  Names values = before.find_enum(change.enumeration.name)->values;
  for (const schema::ValueMapping& each : change.renamed) {
    std::ranges::replace(values, each.from, each.to);
  }
  return values;
}

/// Each new value is put behind the one in front of it, the first one before what was first.
Statements change_in_place(const AlterEnum& change, const Schema& before) {
  const std::string type = name(change.enumeration.name);
  Statements statements;
  for (const schema::ValueMapping& each : change.renamed) {
    statements.push_back(
        format("ALTER TYPE {} RENAME VALUE {} TO {}", type, literal(each.from), literal(each.to)));
  }
  Names there = renamed_values(change, before);
  const Names& wanted = change.enumeration.values;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (i < there.size() && there[i] == wanted[i]) continue;
    std::string place;
    if (i < there.size()) {
      place = i == 0 ? " BEFORE " + literal(there[0]) : " AFTER " + literal(wanted[i - 1]);
    }
    statements.push_back(format("ALTER TYPE {} ADD VALUE {}{}", type, literal(wanted[i]), place));
    there.insert(there.begin() + static_cast<std::ptrdiff_t>(i), wanted[i]);
  }
  return statements;
}

/// The old value's text, or that of the value which takes its place.
std::string mapped_text(const AlterEnum& change, const std::string& column) {
  if (change.renamed.empty() && change.replaced.empty()) return column + "::TEXT";
  std::string text = format("CASE {}::TEXT", column);
  for (const auto* mappings : {&change.renamed, &change.replaced}) {
    for (const schema::ValueMapping& each : *mappings) {
      text += format(" WHEN {} THEN {}", literal(each.from), literal(each.to));
    }
  }
  return "(" + text + format(" ELSE {}::TEXT END)", column);
}

bool mentions_any(std::string_view sql, const Names& columns) {
  return std::ranges::any_of(tokenize(sql, postgresql_style()), [&](const SqlToken& token) {
    return token.kind != SqlToken::Kind::String && contains(columns, token.text);
  });
}

void refuse_generated(const Table& table, const Names& columns, const std::string& enumeration) {
  for (const Column& column : table.columns) {
    if (!column.generated || !mentions_any(column.generated->expression, columns)) continue;
    throw Error(
        ErrorCode::UnsupportedChange,
        format("column '{}.{}' is generated from a column of enum '{}', so that PostgreSQL cannot "
               "give that one a new type",
               table.name, column.name, enumeration),
        format("Drop column '{}' in a change before this one and add it again behind it.",
               column.name));
  }
}

/// One table: what hangs on the old type, the columns, and what hangs on the new one.
class TableConversion {
 public:
  TableConversion(const AlterEnum& change, const Table& before, const Table& after, Names columns)
      : change_(change), before_(before), after_(after), columns_(std::move(columns)) {
    refuse_generated(before_, columns_, change_.enumeration.name);
  }

  /// Conditions and expressions hold values of the old type; so do the keys of both sides of a
  /// foreign key, which cannot differ even for a moment.
  Detour detour() const {
    Detour detour;
    for (const schema::Check& check : before_.checks) {
      if (!mentions_any(check.expression, columns_)) continue;
      detour.before.push_back(alter("DROP CONSTRAINT " + name(name_of(check))));
      detour.after.push_back(alter("ADD " + constraint_text(check, postgresql_style())));
    }
    for (const schema::Index& index : before_.indexes) {
      if (!holds_values(index)) continue;
      detour.before.push_back("DROP INDEX " + name(index.name));
      detour.after.push_back(create_index_text(before_.name, index, postgresql_style()));
    }
    return detour;
  }

  Statements statements() const {
    Names actions;
    for (const std::string& column : columns_) append(actions, actions_for(column));
    return {format("ALTER TABLE {} {}", name(before_.name), join(actions, ",\n    "))};
  }

 private:
  std::string alter(const std::string& action) const {
    return format("ALTER TABLE {} {}", name(before_.name), action);
  }

  /// One without a name was named by the engine, after the column when it mentions only one.
  std::string name_of(const schema::Check& check) const {
    if (!check.name.empty()) return check.name;
    Names mentioned;
    for (const Column& column : before_.columns) {
      if (mentions_any(check.expression, {column.name})) mentioned.push_back(column.name);
    }
    if (mentioned.size() > 1) mentioned.clear();
    return postgresql_constraint_name(before_.name, mentioned, "check");
  }

  bool holds_values(const schema::Index& index) const {
    return mentions_any(index.where, columns_) ||
           std::ranges::any_of(index.parts, [&](const schema::IndexPart& part) {
             return mentions_any(part.expression, columns_);
           });
  }

  Names actions_for(const std::string& column) const {
    const std::string alter_column = "ALTER COLUMN " + name(column);
    const std::string type = name(change_.enumeration.name);
    const auto value = after_.find_column(column)->default_value;
    Names actions;
    if (value) actions.push_back(alter_column + " DROP DEFAULT");
    actions.push_back(format("{} TYPE {} USING {}::{}", alter_column, type,
                             mapped_text(change_, name(column)), type));
    if (value) {
      actions.push_back(
          format("{} SET DEFAULT {}", alter_column, default_text(*value, postgresql_style())));
    }
    return actions;
  }

  const AlterEnum& change_;
  const Table& before_;
  const Table& after_;
  Names columns_;
};

/// All around the columns of the enum, outermost first: triggers, views, foreign keys.
Detour detour_around(const std::string& enumeration, const Schema& before) {
  std::vector<const schema::View*> views;
  Detour triggers;
  Detour keys;
  const auto is_of_enum = [&](const std::string& table, const Names& columns) {
    const Table* found = before.find_table(table);
    if (found == nullptr) return false;
    const Names of_enum = postgresql_columns_of_enum(*found, enumeration);
    return std::ranges::any_of(columns, [&](const auto& each) { return contains(of_enum, each); });
  };
  for (const Table& table : before.tables) {
    const Names columns = postgresql_columns_of_enum(table, enumeration);
    if (columns.empty()) continue;
    for (const schema::View* view : postgresql_readers(before, table.name, columns)) {
      if (std::ranges::find(views, view) == views.end()) views.push_back(view);
    }
    for (const schema::Trigger* trigger : postgresql_triggers_on(before, table.name, columns)) {
      triggers.before.push_back(postgresql_remove_trigger(*trigger));
      append(triggers.after, postgresql_define_trigger(*trigger));
    }
    for (const schema::ForeignKey& key : table.foreign_keys) {
      if (!is_of_enum(table.name, key.columns)) continue;
      const std::string constraint =
          key.name.empty() ? postgresql_constraint_name(table.name, key.columns, "fkey") : key.name;
      keys.before.push_back(
          format("ALTER TABLE {} DROP CONSTRAINT {}", name(table.name), name(constraint)));
      keys.after.push_back(format("ALTER TABLE {} ADD {}", name(table.name),
                                  constraint_text(key, postgresql_style())));
    }
  }
  Detour detour = postgresql_around(postgresql_in_order(views), before);
  detour.before.insert(detour.before.begin(), triggers.before.begin(), triggers.before.end());
  append(detour.before, std::move(keys.before));
  detour.after.insert(detour.after.begin(), keys.after.begin(), keys.after.end());
  append(detour.after, std::move(triggers.after));
  return detour;
}

Statements change_by_new_type(const AlterEnum& change, const Schema& before) {
  const std::string& enumeration = change.enumeration.name;
  const std::string old_type = postgresql_stored_name("parley_old_" + enumeration);
  Schema after = before;
  schema::apply(after, change);
  Detour detour = detour_around(enumeration, before);
  Detour inner;
  Statements conversions;
  for (const Table& table : before.tables) {
    Names columns = postgresql_columns_of_enum(table, enumeration);
    if (columns.empty()) continue;
    const TableConversion conversion(change, table, *after.find_table(table.name),
                                     std::move(columns));
    Detour around = conversion.detour();
    append(inner.before, std::move(around.before));
    append(inner.after, std::move(around.after));
    append(conversions, conversion.statements());
  }
  Statements statements = std::move(detour.before);
  append(statements, std::move(inner.before));
  statements.push_back(format("ALTER TYPE {} RENAME TO {}", name(enumeration), name(old_type)));
  append(statements, postgresql_create_enum(change.enumeration));
  append(statements, std::move(conversions));
  statements.push_back("DROP TYPE " + name(old_type));
  append(statements, std::move(inner.after));
  append(statements, std::move(detour.after));
  return statements;
}

}  // namespace

Names postgresql_columns_of_enum(const Table& table, const std::string& enumeration) {
  Names columns;
  for (const Column& column : table.columns) {
    if (column.type.kind == schema::TypeKind::Enum && column.type.native == enumeration) {
      columns.push_back(column.name);
    }
  }
  return columns;
}

bool postgresql_keeps_enum_type(const AlterEnum& change, const Schema& before) {
  if (!change.replaced.empty()) return false;
  const Names there = renamed_values(change, before);
  auto next = there.begin();
  for (const std::string& value : change.enumeration.values) {
    if (next != there.end() && *next == value) ++next;
  }
  return next == there.end();
}

bool postgresql_adds_enum_value(const AlterEnum& change, const Schema& before) {
  return postgresql_keeps_enum_type(change, before) &&
         change.enumeration.values.size() >
             before.find_enum(change.enumeration.name)->values.size();
}

Statements postgresql_create_enum(const Enum& enumeration) {
  require_short_values(enumeration);
  Names values;
  for (const std::string& value : enumeration.values) values.push_back(literal(value));
  return {format("CREATE TYPE {} AS ENUM ({})", name(enumeration.name), join(values, ", "))};
}

Statements postgresql_alter_enum(const AlterEnum& change, const Schema& before) {
  require_short_values(change.enumeration);
  return postgresql_keeps_enum_type(change, before) ? change_in_place(change, before)
                                                    : change_by_new_type(change, before);
}

}  // namespace parley::dialect
