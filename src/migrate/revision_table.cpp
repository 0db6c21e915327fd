// What `create_table` says beside the name: columns, keys, constraints, indexes, comment. Reading
// and writing side by side, so that one cannot change without the other.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "migrate/revision_change.h"
#include "migrate/revision_column.h"
#include "migrate/revision_constraint.h"

namespace parley::migrate {
namespace {

constexpr auto kListedColumnKeys =
    std::to_array<std::string_view>({"type", "collation", "comment", "renamed_from"});

constexpr std::string_view kReferenceLooksLike =
    "column -> table(column), or (a, b) -> table(c, d) [on delete cascade | set null | …] [on "
    "update …] [deferrable [initially deferred]]";

/// `name: value`, the only pair of a list item.
const YamlEntry& only_entry(const YamlNode& node, std::string_view looks_like) {
  const std::string hint = "It reads: " + std::string(looks_like);
  if (node.kind != YamlNode::Kind::Mapping || node.entries.empty()) {
    fail_at(node.position, "expected a name, a colon and a value", hint);
  }
  if (node.entries.size() > 1) {
    fail_at(node.entries[1].position,
            fmt::format("'{}' and '{}' are in one item", node.entries[0].key, node.entries[1].key),
            hint);
  }
  if (node.entries[0].key.empty()) fail_at(node.entries[0].position, "the name is empty", hint);
  return node.entries[0];
}

struct NamedNode {
  std::string name;
  const YamlNode& value;
};

/// A constraint is either written bare or, with its name in front, `name: constraint`.
NamedNode read_named(const YamlNode& node, std::string_view looks_like) {
  if (node.kind != YamlNode::Kind::Mapping) return {.name = {}, .value = node};
  const YamlEntry& entry = only_entry(node, looks_like);
  return {.name = entry.key, .value = entry.value};
}

/// `name: constraint` or `constraint`, each as one line.
std::string named_text(const std::string& name, const std::string& constraint) {
  return name.empty() ? constraint : yaml_scalar(name) + ": " + constraint;
}

std::vector<std::string> read_columns_of_key(const YamlNode& node) {
  std::vector<std::string> columns = read_texts(node, "a column of a key");
  if (columns.empty()) fail_at(node.position, "a key needs a column");
  return columns;
}

schema::Column read_listed_column(const YamlNode& item, OldNames* old_names) {
  const YamlEntry& entry = only_entry(item, "name: " + std::string(kColumnLooksLike));
  if (entry.value.kind != YamlNode::Kind::Mapping) {
    ShortForm text(entry.value, kColumnLooksLike);
    return read_column(text, entry.key);
  }
  const auto keys = std::span(kListedColumnKeys);
  check_keys(entry.value, old_names == nullptr ? keys.first(keys.size() - 1) : keys, "a column");
  const YamlNode* type = entry.value.find("type");
  if (type == nullptr) fail_at(entry.position, fmt::format("column '{}' has no 'type'", entry.key));
  ShortForm text(*type, kColumnLooksLike);
  schema::Column column = read_column(text, entry.key);
  read_column_details(entry.value, column);
  if (const YamlNode* old_name = entry.value.find("renamed_from")) {
    old_names->emplace_back(column.name, scalar_text(*old_name, "renamed_from"));
  }
  return column;
}

Lines listed_column_lines(const schema::Column& column) {
  const Lines details = column_detail_lines(column);
  if (details.empty()) return yaml_field(column.name, column_text(column));
  Lines lines = {yaml_scalar(column.name) + ":"};
  append(lines, indented(yaml_field("type", column_text(column))));
  append(lines, indented(details));
  return lines;
}

void read_columns(const YamlNode& item, schema::Table& table, OldNames* old_names) {
  for (const YamlNode& node : items_of(item, "columns")) {
    schema::Column column = read_listed_column(node, old_names);
    if (table.find_column(column.name) != nullptr) {
      fail_at(node.position, fmt::format("column '{}' is here twice", column.name));
    }
    table.columns.push_back(std::move(column));
  }
  if (table.columns.empty()) {
    fail_at(item.position, fmt::format("table '{}' has no columns", table.name),
            "List them under 'columns', each as `- name: type`.");
  }
}

schema::ForeignKey read_listed_foreign_key(const YamlNode& item) {
  const NamedNode named = read_named(item, kReferenceLooksLike);
  schema::ForeignKey foreign_key{.name = named.name};
  ShortForm text(named.value, kReferenceLooksLike);
  foreign_key.columns = text.is_next('(') ? text.names_in_parentheses("a column")
                                          : std::vector{text.name("a column")};
  read_reference(text, foreign_key);
  return foreign_key;
}

std::string listed_foreign_key_text(const schema::ForeignKey& foreign_key) {
  const std::string columns = names_text(foreign_key.columns);
  const std::string text = (foreign_key.columns.size() == 1 ? columns : "(" + columns + ")") + " " +
                           reference_text(foreign_key);
  return named_text(foreign_key.name, yaml_scalar(text));
}

void read_keys_and_checks(const YamlNode& item, schema::Table& table) {
  constexpr std::string_view kKeyLooksLike = "[column, column], or name: [column, column]";
  if (const YamlNode* key = item.find("primary_key")) {
    const NamedNode named = read_named(*key, kKeyLooksLike);
    table.primary_key = schema::PrimaryKey{named.name, read_columns_of_key(named.value)};
  }
  for (const YamlNode& node : items_of(item, "unique")) {
    const NamedNode named = read_named(node, kKeyLooksLike);
    table.uniques.push_back({named.name, read_columns_of_key(named.value)});
  }
  for (const YamlNode& node : items_of(item, "checks")) {
    const NamedNode named = read_named(node, "name: SQL");
    table.checks.push_back({named.name, scalar_text(named.value, "a check")});
  }
}

void read_indexes(const YamlNode& item, schema::Table& table) {
  const std::string looks_like = "[unique] name " + std::string(kIndexPartsLookLike);
  for (const YamlNode& node : items_of(item, "indexes")) {
    ShortForm text(node, looks_like);
    schema::Index index{.unique = text.accept_word("unique")};
    index.name = text.name("the name of the index");
    read_index_definition(text, index);
    table.indexes.push_back(std::move(index));
  }
}

Lines primary_key_lines(const schema::PrimaryKey& key) {
  if (key.name.empty()) return {"primary_key: " + yaml_list(key.columns)};
  return {"primary_key:", "  " + named_text(key.name, yaml_list(key.columns))};
}

Lines check_lines(const schema::Check& check) {
  return check.name.empty() ? Lines{yaml_scalar(check.expression)}
                            : yaml_field(check.name, check.expression);
}

}  // namespace

void read_table_details(const YamlNode& item, schema::Table& table, OldNames* old_names) {
  read_columns(item, table, old_names);
  read_keys_and_checks(item, table);
  for (const YamlNode& node : items_of(item, "foreign_keys")) {
    table.foreign_keys.push_back(read_listed_foreign_key(node));
  }
  read_indexes(item, table);
  if (const YamlNode* comment = item.find("comment"))
    table.comment = scalar_text(*comment, "comment");
  if (const YamlNode* strict = item.find("strict")) table.is_strict = read_truth(*strict, "strict");
  if (const YamlNode* without_rowid = item.find("without_rowid")) {
    table.is_without_rowid = read_truth(*without_rowid, "without_rowid");
  }
}

Lines table_detail_lines(const schema::Table& table) {
  Lines lines = list_lines("columns", table.columns, listed_column_lines);
  if (table.primary_key) append(lines, primary_key_lines(*table.primary_key));
  append(lines, list_lines("unique", table.uniques, [](const schema::Unique& unique) {
           return Lines{named_text(unique.name, yaml_list(unique.columns))};
         }));
  append(lines, list_lines("checks", table.checks, check_lines));
  append(lines, list_lines("foreign_keys", table.foreign_keys, [](const schema::ForeignKey& key) {
           return Lines{listed_foreign_key_text(key)};
         }));
  append(lines, list_lines("indexes", table.indexes, [](const schema::Index& index) {
           const std::string unique = index.unique ? "unique " : "";
           return Lines{
               yaml_scalar(unique + name_text(index.name) + " " + index_definition_text(index))};
         }));
  if (!table.comment.empty()) append(lines, yaml_field("comment", table.comment));
  if (table.is_strict) lines.emplace_back("strict: true");
  if (table.is_without_rowid) lines.emplace_back("without_rowid: true");
  return lines;
}

void read_column_details(const YamlNode& item, schema::Column& column) {
  if (const YamlNode* collation = item.find("collation")) {
    column.collation = scalar_text(*collation, "collation");
  }
  if (const YamlNode* comment = item.find("comment"))
    column.comment = scalar_text(*comment, "comment");
}

Lines column_detail_lines(const schema::Column& column) {
  Lines lines;
  if (!column.collation.empty()) append(lines, yaml_field("collation", column.collation));
  if (!column.comment.empty()) append(lines, yaml_field("comment", column.comment));
  return lines;
}

}  // namespace parley::migrate
