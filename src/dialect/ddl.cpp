#include "dialect/ddl.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace parley::dialect {
namespace {

std::string constraint_prefix(const std::string& name, const SqlStyle& style) {
  return name.empty() ? std::string() : "CONSTRAINT " + quote_name(name, style) + " ";
}

std::string action_text(std::string_view event, schema::ReferenceAction action) {
  switch (action) {
    case schema::ReferenceAction::NoAction: return {};
    case schema::ReferenceAction::Restrict: return fmt::format(" {} RESTRICT", event);
    case schema::ReferenceAction::Cascade: return fmt::format(" {} CASCADE", event);
    case schema::ReferenceAction::SetNull: return fmt::format(" {} SET NULL", event);
    case schema::ReferenceAction::SetDefault: return fmt::format(" {} SET DEFAULT", event);
  }
  return {};
}

std::string_view deferral_text(schema::Deferral deferral) {
  switch (deferral) {
    case schema::Deferral::NotDeferrable: return "";
    case schema::Deferral::InitiallyImmediate: return " DEFERRABLE";
    case schema::Deferral::InitiallyDeferred: return " DEFERRABLE INITIALLY DEFERRED";
  }
  return "";
}

std::string_view nulls_text(schema::NullsOrder nulls) {
  switch (nulls) {
    case schema::NullsOrder::Usual: return "";
    case schema::NullsOrder::First: return " NULLS FIRST";
    case schema::NullsOrder::Last: return " NULLS LAST";
  }
  return "";
}

std::string part_text(const schema::IndexPart& part, const SqlStyle& style) {
  std::string text =
      part.expression.empty() ? quote_name(part.column, style) : "(" + part.expression + ")";
  if (part.prefix_length > 0) text += fmt::format("({})", part.prefix_length);
  if (!part.collation.empty()) text += " COLLATE " + quote_name(part.collation, style);
  if (!part.operator_class.empty()) text += " " + part.operator_class;
  if (part.descending) text += " DESC";
  return text.append(nulls_text(part.nulls));
}

}  // namespace

std::string create_table_text(const std::string& quoted_name, std::span<const std::string> lines) {
  std::string text = "CREATE TABLE " + quoted_name + " (\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += "    " + lines[i] + (i + 1 < lines.size() ? ",\n" : "\n");
  }
  return text + ")";
}

std::vector<std::string> constraint_lines(const schema::Table& table, const SqlStyle& style) {
  std::vector<std::string> lines;
  if (table.primary_key) lines.push_back(constraint_text(*table.primary_key, style));
  for (const auto& unique : table.uniques) lines.push_back(constraint_text(unique, style));
  for (const auto& check : table.checks) lines.push_back(constraint_text(check, style));
  for (const auto& key : table.foreign_keys) lines.push_back(constraint_text(key, style));
  return lines;
}

std::string constraint_text(const schema::PrimaryKey& key, const SqlStyle& style) {
  return fmt::format("{}PRIMARY KEY ({})", constraint_prefix(key.name, style),
                     quote_names(key.columns, style));
}

std::string constraint_text(const schema::Unique& unique, const SqlStyle& style) {
  return fmt::format("{}UNIQUE ({})", constraint_prefix(unique.name, style),
                     quote_names(unique.columns, style));
}

std::string constraint_text(const schema::Check& check, const SqlStyle& style) {
  return fmt::format("{}CHECK ({})", constraint_prefix(check.name, style), check.expression);
}

std::string constraint_text(const schema::ForeignKey& key, const SqlStyle& style) {
  const std::string referenced =
      key.referenced_columns.empty() ? "" : "(" + quote_names(key.referenced_columns, style) + ")";
  return fmt::format("{}FOREIGN KEY ({}) REFERENCES {}{}{}{}{}", constraint_prefix(key.name, style),
                     quote_names(key.columns, style), quote_name(key.referenced_table, style),
                     referenced, action_text("ON DELETE", key.on_delete),
                     action_text("ON UPDATE", key.on_update), deferral_text(key.deferral));
}

std::string create_index_text(const std::string& table, const schema::Index& index,
                              const SqlStyle& style) {
  std::string parts;
  for (const schema::IndexPart& part : index.parts) {
    if (!parts.empty()) parts += ", ";
    parts += part_text(part, style);
  }
  return fmt::format(
      "CREATE {}INDEX {} ON {}{} ({}){}{}", index.unique ? "UNIQUE " : "",
      quote_name(index.name, style), quote_name(table, style),
      index.method.empty() ? "" : " USING " + index.method, parts,
      index.include.empty() ? "" : " INCLUDE (" + quote_names(index.include, style) + ")",
      index.where.empty() ? "" : " WHERE " + index.where);
}

std::vector<std::string> texts_for(const schema::SqlTexts& all, std::string_view dialect,
                                   std::string_view family) {
  for (const std::string_view wanted : {dialect, family, std::string_view()}) {
    std::vector<std::string> texts;
    for (const schema::SqlText& text : all) {
      if (text.dialect != wanted) continue;
      std::string_view sql = trim(text.sql);
      while (sql.ends_with(';')) sql = trim(sql.substr(0, sql.size() - 1));
      if (!sql.empty()) texts.emplace_back(sql);
    }
    if (!texts.empty()) return texts;
  }
  return {};
}

std::vector<std::string> execute_texts(const schema::Execute& change, std::string_view dialect,
                                       std::string_view family) {
  return texts_for(change.texts, dialect, family);
}

const schema::Table& table_in(const schema::Schema& schema, const std::string& table) {
  const schema::Table* found = schema.find_table(table);
  if (found == nullptr) {
    throw Error(ErrorCode::InvalidRevisionFile,
                fmt::format("there is no table '{}' to change", table),
                "Create it in an earlier revision.");
  }
  return *found;
}

const schema::Column& column_in(const schema::Table& table, const std::string& column) {
  const schema::Column* found = table.find_column(column);
  if (found == nullptr) {
    throw Error(ErrorCode::InvalidRevisionFile,
                fmt::format("table '{}' has no column '{}' to change", table.name, column),
                "Add it in an earlier revision.");
  }
  return *found;
}

std::string on_update_trigger_name(std::string_view table, const schema::Column& column) {
  return column.on_update_trigger.empty() ? usual_on_update_trigger_name(table, column.name)
                                          : column.on_update_trigger;
}

std::string usual_on_update_trigger_name(std::string_view table, std::string_view column) {
  return fmt::format("trg_{}_{}", table, column);
}

void normalize_on_update_triggers(schema::Table& table) {
  for (schema::Column& column : table.columns) {
    const bool is_usual =
        column.on_update_trigger == usual_on_update_trigger_name(table.name, column.name);
    if (!column.on_update_now || is_usual) column.on_update_trigger.clear();
  }
}

}  // namespace parley::dialect
