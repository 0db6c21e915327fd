#include "dialect/mysql/dependents.h"

#include <fmt/format.h>

#include <algorithm>

#include "dialect/ddl.h"
#include "dialect/enum_check.h"
#include "dialect/mysql/refusals.h"
#include "dialect/mysql/triggers.h"
#include "dialect/mysql/views.h"
#include "schema/sql_names.h"

namespace parley::dialect {
namespace {

using schema::View;

bool reads(const View& view, const View& other) {
  return &view != &other &&
         std::any_of(view.query.begin(), view.query.end(),
                     [&](const auto& text) { return schema::mentions_name(text.sql, other.name); });
}

/// Each view behind those that it reads: a view cannot be made on one that is broken.
std::vector<const View*> in_order_of_use(std::vector<const View*> left) {
  std::vector<const View*> ordered;
  while (!left.empty()) {
    auto next = std::find_if(left.begin(), left.end(), [&](const View* view) {
      return std::none_of(left.begin(), left.end(),
                          [&](const View* other) { return reads(*view, *other); });
    });
    if (next == left.end()) next = left.begin();
    ordered.push_back(*next);
    left.erase(next);
  }
  return ordered;
}

void append_changed_views(Statements& statements, const schema::Schema& after,
                          const MysqlState& state) {
  std::vector<const View*> changed;
  for (std::size_t i = 0; i < after.views.size(); ++i) {
    if (after.views[i] != state.before.views[i]) changed.push_back(&after.views[i]);
  }
  for (const View* view : in_order_of_use(changed)) {
    for (std::string& statement : replace_mysql_view(*view, state.flavor)) {
      statements.push_back(std::move(statement));
    }
  }
}

}  // namespace

void append_changed_triggers(Statements& statements, const schema::Schema& after,
                             const MysqlState& state) {
  for (std::size_t i = 0; i < after.triggers.size(); ++i) {
    const schema::Trigger& now = after.triggers[i];
    const schema::Trigger& old = state.before.triggers[i];
    if (now.body == old.body && now.when == old.when) continue;
    for (std::string& statement : replace_mysql_trigger(now, state.flavor)) {
      statements.push_back(std::move(statement));
    }
  }
}

Statements rename_mysql_table(const schema::RenameTable& change, const MysqlState& state) {
  refuse_long_mysql_name("table", change.new_name);
  schema::Schema after = state.before;
  schema::apply(after, change);
  Statements actions = {"RENAME TO " + mysql_name(change.new_name)};
  const schema::Table& table = table_in(after, change.new_name);
  for (const schema::Column& column : table.columns) {
    if (column.type.kind != schema::TypeKind::Enum) continue;
    const schema::Check check = enum_check(column, table.name, after, mysql_style());
    refuse_mysql_check(table.name, check, state);
    actions.push_back(drop_check_action(
        enum_check_name(column.type.native, change.table, column.name), state.flavor));
    actions.push_back(add_check_action(check));
  }
  Statements statements = {actions.size() > 1
                               ? alter_mysql_table(change.table, actions)
                               : fmt::format("RENAME TABLE {} TO {}", mysql_name(change.table),
                                             mysql_name(change.new_name))};
  append_changed_views(statements, after, state);
  append_changed_triggers(statements, after, state);
  return statements;
}

}  // namespace parley::dialect
