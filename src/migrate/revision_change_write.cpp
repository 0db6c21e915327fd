// Writing one change of a revision file.

#include <utility>

#include "base/overloaded.h"
#include "migrate/revision_change.h"
#include "migrate/revision_column.h"
#include "migrate/revision_constraint.h"

namespace parley::migrate {
namespace {

using schema::Change;

std::string column_subject(const std::string& table, const std::string& column) {
  return name_text(table) + "." + name_text(column);
}

Lines column_change_lines(std::string_view name, const std::string& table,
                          const schema::Column& column) {
  Lines lines = yaml_field(name, column_subject(table, column.name) + " " + column_text(column));
  append(lines, column_detail_lines(column));
  return lines;
}

std::string columns_text(const std::vector<std::string>& columns) {
  return columns.empty() ? "" : " (" + names_text(columns) + ")";
}

std::string foreign_key_text(const std::string& table, const schema::ForeignKey& key) {
  const std::string text = subject_text(key.name, table) + columns_text(key.columns);
  return key.referenced_table.empty() ? text : text + " " + reference_text(key);
}

Lines execute_lines(const schema::Execute& change) {
  Lines lines = sql_lines("execute", change.texts);
  if (!change.undo.empty()) append(lines, sql_lines("undo", change.undo));
  return lines;
}

Lines create_table_lines(const schema::Table& table) {
  Lines lines = yaml_field("create_table", name_text(table.name));
  append(lines, table_detail_lines(table));
  return lines;
}

}  // namespace

Lines change_lines(const Change& change) {
  return std::visit(
      overloaded{
          [](const schema::CreateTable& c) { return create_table_lines(c.table); },
          [](const schema::DropTable& c) { return yaml_field("drop_table", name_text(c.table)); },
          [](const schema::RenameTable& c) {
            return yaml_field("rename_table", name_text(c.table) + " to " + name_text(c.new_name));
          },
          [](const schema::AddColumn& c) {
            return column_change_lines("add_column", c.table, c.column);
          },
          [](const schema::DropColumn& c) {
            return yaml_field("drop_column", column_subject(c.table, c.column));
          },
          [](const schema::AlterColumn& c) {
            return column_change_lines("alter_column", c.table, c.column);
          },
          [](const schema::RenameColumn& c) {
            return yaml_field("rename_column",
                              column_subject(c.table, c.column) + " to " + name_text(c.new_name));
          },
          [](const schema::CreateIndex& c) {
            return yaml_field("create_index", (c.index.unique ? "unique " : "") +
                                                  subject_text(c.index.name, c.table) + " " +
                                                  index_definition_text(c.index));
          },
          [](const schema::DropIndex& c) {
            return yaml_field("drop_index", subject_text(c.index, c.table));
          },
          [](const schema::AddPrimaryKey& c) {
            return yaml_field("add_primary_key", subject_text(c.primary_key.name, c.table) +
                                                     columns_text(c.primary_key.columns));
          },
          [](const schema::DropPrimaryKey& c) {
            return yaml_field("drop_primary_key", name_text(c.table));
          },
          [](const schema::AddUnique& c) {
            return yaml_field("add_unique", subject_text(c.unique.name, c.table) +
                                                columns_text(c.unique.columns));
          },
          [](const schema::DropUnique& c) {
            return yaml_field("drop_unique", subject_text(c.unique.name, c.table) +
                                                 columns_text(c.unique.columns));
          },
          [](const schema::AddCheck& c) {
            return yaml_field(
                "add_check", subject_text(c.check.name, c.table) + " (" + c.check.expression + ")");
          },
          [](const schema::DropCheck& c) {
            return yaml_field("drop_check", subject_text(c.check, c.table));
          },
          [](const schema::AddForeignKey& c) {
            return yaml_field("add_foreign_key", foreign_key_text(c.table, c.foreign_key));
          },
          [](const schema::DropForeignKey& c) {
            return yaml_field("drop_foreign_key", foreign_key_text(c.table, c.foreign_key));
          },
          [](const schema::RenameIndex&) -> Lines { return {}; },
          [](const schema::CreateView&) -> Lines { return {}; },
          [](const schema::DropView&) -> Lines { return {}; },
          [](const schema::ReplaceView&) -> Lines { return {}; },
          [](const schema::CreateTrigger&) -> Lines { return {}; },
          [](const schema::DropTrigger&) -> Lines { return {}; },
          [](const schema::ReplaceTrigger&) -> Lines { return {}; },
          [](const schema::CreateEnum&) -> Lines { return {}; },
          [](const schema::AlterEnum&) -> Lines { return {}; },
          [](const schema::DropEnum&) -> Lines { return {}; },
          [](const schema::SetComment&) -> Lines { return {}; },
          [](const schema::SetTableOptions&) -> Lines { return {}; },
          [](const schema::Backfill&) -> Lines { return {}; },
          [](const schema::Execute& c) { return execute_lines(c); },
      },
      change);
}

}  // namespace parley::migrate
