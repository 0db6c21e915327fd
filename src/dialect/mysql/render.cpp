#include <fmt/format.h>

#include "base/error.h"
#include "base/overloaded.h"
#include "dialect/backfill_text.h"
#include "dialect/ddl.h"
#include "dialect/mysql/clauses.h"
#include "dialect/mysql/columns.h"
#include "dialect/mysql/dependents.h"
#include "dialect/mysql/enums.h"
#include "dialect/mysql/foreign_key_index.h"
#include "dialect/mysql/online_ddl.h"
#include "dialect/mysql/refusals.h"
#include "dialect/mysql/triggers.h"
#include "dialect/mysql/unnamed.h"
#include "dialect/mysql/views.h"

namespace parley::dialect {
namespace {

using fmt::format;

template <class Constraint>
Statements add_constraint(const std::string& table, const Constraint& constraint) {
  return {alter_mysql_table(table, "ADD " + constraint_text(constraint, mysql_style()))};
}

Statements add_primary_key(const schema::AddPrimaryKey& change, const MysqlState& state) {
  refuse_mysql_key(table_in(state.before, change.table), change.primary_key.columns);
  return add_constraint(change.table, change.primary_key);
}

Statements add_unique(const schema::AddUnique& change, const MysqlState& state) {
  refuse_long_mysql_name("unique constraint", change.unique.name);
  refuse_mysql_key(table_in(state.before, change.table), change.unique.columns);
  return add_constraint(change.table, change.unique);
}

Statements add_check(const schema::AddCheck& change, const MysqlState& state) {
  refuse_mysql_check(change.table, change.check, state);
  return add_constraint(change.table, change.check);
}

Statements drop_check(const schema::DropCheck& change, const MysqlState& state) {
  if (!change.check.empty()) {
    return {alter_mysql_table(change.table, drop_check_action(change.check, state.flavor))};
  }
  return {drop_unnamed_check(table_in(state.before, change.table), change.expression, state)};
}

Statements add_foreign_key(const schema::AddForeignKey& change, const MysqlState& state) {
  refuse_mysql_foreign_key(table_in(state.before, change.table), change.foreign_key, state);
  return add_constraint(change.table, change.foreign_key);
}

Statements create_index(const schema::CreateIndex& change, const MysqlState& state) {
  refuse_mysql_index(table_in(state.before, change.table), change.index, state.flavor);
  return {create_mysql_index(change.table, change.index)};
}

Statements rename_index(const schema::RenameIndex& change) {
  refuse_long_mysql_name("index", change.new_name);
  return {alter_mysql_table(change.table, format("RENAME INDEX {} TO {}", mysql_name(change.index),
                                                 mysql_name(change.new_name)))};
}

}  // namespace

Statements MysqlDialect::render(const schema::Change& change, const schema::Schema& before) const {
  const MysqlState state{before, flavor_};
  const std::string_view dialect = flavor_.capabilities.name;
  return std::visit(
      overloaded{
          [&](const schema::CreateTable& c) { return create_mysql_table(c.table, state); },
          [](const schema::DropTable& c) {
            return Statements{"DROP TABLE " + mysql_name(c.table)};
          },
          [&](const schema::RenameTable& c) { return rename_mysql_table(c, state); },
          [&](const schema::AddColumn& c) { return add_mysql_column(c, state); },
          [&](const schema::DropColumn& c) { return drop_mysql_column(c, state); },
          [&](const schema::AlterColumn& c) { return alter_mysql_column(c, state); },
          [&](const schema::RenameColumn& c) { return rename_mysql_column(c, state); },
          [&](const schema::CreateIndex& c) { return create_index(c, state); },
          [&](const schema::DropIndex& c) { return drop_mysql_index(c, state); },
          [](const schema::RenameIndex& c) { return rename_index(c); },
          [&](const schema::AddPrimaryKey& c) { return add_primary_key(c, state); },
          [&](const schema::DropPrimaryKey& c) { return drop_mysql_primary_key(c, state); },
          [&](const schema::AddUnique& c) { return add_unique(c, state); },
          [&](const schema::DropUnique& c) { return drop_mysql_unique(c, state); },
          [&](const schema::AddCheck& c) { return add_check(c, state); },
          [&](const schema::DropCheck& c) { return drop_check(c, state); },
          [&](const schema::AddForeignKey& c) { return add_foreign_key(c, state); },
          [&](const schema::DropForeignKey& c) { return drop_mysql_foreign_key(c, state); },
          [&](const schema::CreateView& c) { return create_mysql_view(c.view, flavor_); },
          [](const schema::DropView& c) {
            return Statements{"DROP VIEW IF EXISTS " + mysql_name(c.view)};
          },
          [&](const schema::ReplaceView& c) { return replace_mysql_view(c.view, flavor_); },
          [&](const schema::CreateTrigger& c) { return create_mysql_trigger(c.trigger, state); },
          [](const schema::DropTrigger& c) {
            return Statements{"DROP TRIGGER IF EXISTS " + mysql_name(c.trigger)};
          },
          [&](const schema::ReplaceTrigger& c) {
            return replace_mysql_trigger(c.trigger, flavor_);
          },
          // An enum is nothing by itself here, only a check of each column of it.
          [](const schema::CreateEnum&) { return Statements(); },
          [&](const schema::AlterEnum& c) { return alter_mysql_enum(c, state); },
          [](const schema::DropEnum&) { return Statements(); },
          [&](const schema::SetComment& c) { return set_mysql_comment(c, state); },
          [](const schema::SetTableOptions&) { return Statements(); },
          [&](const schema::Backfill& c) { return Statements{update_text(c, *this)}; },
          // MariaDB runs what was written for MySQL when nothing was written for it.
          [&](const schema::Execute& c) { return execute_texts(c, dialect, "mysql"); },
      },
      change);
}

std::vector<std::string> MysqlDialect::online_forms(const std::string& statement) const {
  return mysql_online_forms(statement);
}

std::string MysqlDialect::script_text(const std::string& statement) const {
  // The client would end a trigger at the first semicolon of its body.
  const bool is_trigger = statement.find("CREATE TRIGGER ") != std::string::npos ||
                          statement.find("CREATE OR REPLACE TRIGGER ") != std::string::npos;
  if (!is_trigger || statement.find(';') == std::string::npos) return statement + ";";
  const std::string_view end = statement.find("//") == std::string::npos ? "//" : "$$";
  return format("DELIMITER {0}\n{1}{0}\nDELIMITER ;", end, statement);
}

}  // namespace parley::dialect
