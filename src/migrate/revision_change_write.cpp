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
  append(lines, list_lines("stands_for", change.stands_for, [](const schema::AnyChange& each) {
           return change_lines(each.change);
         }));
  return lines;
}

Lines mapping_lines(std::string_view key, const std::vector<schema::ValueMapping>& mappings) {
  if (mappings.empty()) return {};
  Lines lines = {std::string(key) + ":"};
  for (const schema::ValueMapping& each : mappings) {
    append(lines, indented(yaml_field(each.from, each.to)));
  }
  return lines;
}

Lines alter_enum_lines(const schema::AlterEnum& change) {
  Lines lines = enum_lines("alter_enum", change.enumeration);
  append(lines, mapping_lines("rename", change.renamed));
  append(lines, mapping_lines("replace", change.replaced));
  return lines;
}

Lines table_option_lines(const schema::SetTableOptions& change) {
  const auto word = [](bool truth) { return truth ? "true" : "false"; };
  Lines lines = yaml_field("set_table_options", name_text(change.table));
  lines.push_back(std::string("strict: ") + word(change.is_strict));
  lines.push_back(std::string("without_rowid: ") + word(change.is_without_rowid));
  return lines;
}

Lines backfill_lines(const schema::Backfill& change) {
  Lines lines = yaml_field("backfill", name_text(change.table));
  lines.emplace_back("set:");
  for (const schema::Assignment& each : change.set) {
    append(lines, indented(sql_lines(each.column, each.value)));
  }
  if (!change.where.empty()) append(lines, sql_lines("where", change.where));
  return lines;
}

std::string comment_text(const schema::SetComment& change) {
  const std::string subject =
      change.column.empty() ? name_text(change.table) : column_subject(change.table, change.column);
  return subject + " to " + quoted_text(change.comment, '\'');
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
            const std::string condition = c.check.empty() ? " (" + c.expression + ")" : "";
            return yaml_field("drop_check", subject_text(c.check, c.table) + condition);
          },
          [](const schema::AddForeignKey& c) {
            return yaml_field("add_foreign_key", foreign_key_text(c.table, c.foreign_key));
          },
          [](const schema::DropForeignKey& c) {
            return yaml_field("drop_foreign_key", foreign_key_text(c.table, c.foreign_key));
          },
          [](const schema::RenameIndex& c) {
            return yaml_field("rename_index",
                              subject_text(c.index, c.table) + " to " + name_text(c.new_name));
          },
          [](const schema::CreateView& c) { return view_lines("create_view", c.view); },
          [](const schema::DropView& c) { return yaml_field("drop_view", name_text(c.view)); },
          [](const schema::ReplaceView& c) { return view_lines("replace_view", c.view); },
          [](const schema::CreateTrigger& c) { return trigger_lines("create_trigger", c.trigger); },
          [](const schema::DropTrigger& c) {
            return yaml_field("drop_trigger", subject_text(c.trigger, c.table));
          },
          [](const schema::ReplaceTrigger& c) {
            return trigger_lines("replace_trigger", c.trigger);
          },
          [](const schema::CreateEnum& c) { return enum_lines("create_enum", c.enumeration); },
          [](const schema::AlterEnum& c) { return alter_enum_lines(c); },
          [](const schema::DropEnum& c) {
            return yaml_field("drop_enum", name_text(c.enumeration));
          },
          [](const schema::SetComment& c) { return yaml_field("set_comment", comment_text(c)); },
          [](const schema::SetTableOptions& c) { return table_option_lines(c); },
          [](const schema::Backfill& c) { return backfill_lines(c); },
          [](const schema::Execute& c) { return execute_lines(c); },
      },
      change);
}

}  // namespace parley::migrate
