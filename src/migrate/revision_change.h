#pragma once

// One change as an item of a revision file's list: its name and what it is about on the first line
// (`create_table: sessions`), details as further keys. docs/guide/revision-files.md shows every
// form. Pure functions; those that read throw Error{InvalidRevisionFile} with the position of the
// mistake.

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "migrate/revision_scalar.h"
#include "migrate/revision_yaml.h"
#include "schema/change.h"

namespace parley::migrate {

/// Reads one item of `upgrade` or `downgrade`.
schema::Change read_change(const YamlNode& item);

/// The lines of the item, without the `- ` of the list.
Lines change_lines(const schema::Change& change);

/// What `create_table` says beside the name.
inline constexpr auto kTableKeys = std::to_array<std::string_view>(
    {"columns", "primary_key", "unique", "checks", "foreign_keys", "indexes", "comment", "strict",
     "without_rowid"});
/// The names that columns had before, by what they are called now.
using OldNames = std::vector<std::pair<std::string, std::string>>;
/// `old_names` gets what columns say under `renamed_from`; without it they cannot say that.
void read_table_details(const YamlNode& item, schema::Table& table, OldNames* old_names = nullptr);
Lines table_detail_lines(const schema::Table& table);

/// What is said of a column under keys of its own, because it does not fit into its one line.
inline constexpr auto kColumnDetailKeys = std::to_array<std::string_view>({"collation", "comment"});
void read_column_details(const YamlNode& item, schema::Column& column);
Lines column_detail_lines(const schema::Column& column);

// The other objects: what stands on the first line behind the key, and what is said under further
// keys. revision_object.cpp.
inline constexpr auto kViewKeys =
    std::to_array<std::string_view>({"query", "columns", "materialized"});
schema::View read_view(const YamlNode& item, const YamlNode& name, std::string_view looks_like);
Lines view_lines(std::string_view key, const schema::View& view);

inline constexpr auto kTriggerKeys = std::to_array<std::string_view>({"when", "body", "function"});
inline constexpr std::string_view kTriggerLooksLike =
    "name before | after | instead of insert or update [of (column)] or delete on table [for each "
    "statement]";
schema::Trigger read_trigger(const YamlNode& item, const YamlNode& head,
                             std::string_view looks_like);
Lines trigger_lines(std::string_view key, const schema::Trigger& trigger);

inline constexpr std::string_view kEnumLooksLike = "name (value, value)";
schema::Enum read_enum(const YamlNode& item, const YamlNode& head, std::string_view looks_like);
Lines enum_lines(std::string_view key, const schema::Enum& enumeration);
/// `{old: new}` under `key`; none when it is absent.
std::vector<schema::ValueMapping> read_value_mappings(const YamlNode& item, std::string_view key);

/// SQL: one text for every engine, a mapping from engine to text, or a list of both.
std::vector<schema::SqlText> read_sql_texts(const YamlNode& node);
/// The same where each engine has at most one.
schema::SqlTexts read_sql_choice(const YamlNode& node);
Lines sql_lines(std::string_view key, const std::vector<schema::SqlText>& texts);

/// The text of a scalar; `key` says in the message where a text belongs.
std::string scalar_text(const YamlNode& node, std::string_view key);

/// `true` or `false`; `key` says in the message where it belongs.
bool read_truth(const YamlNode& node, std::string_view key);

/// The items of the list under `key`; none when the key is absent. Throws when it is no list.
std::span<const YamlNode> items_of(const YamlNode& item, std::string_view key);

/// The texts of a list, or the one text that stands for a list of one.
std::vector<std::string> read_texts(const YamlNode& node, std::string_view what);

/// `key:` and one item per value; nothing when there are none.
template <class T, class ToLines>
Lines list_lines(std::string_view key, const std::vector<T>& values, ToLines to_lines) {
  if (values.empty()) return {};
  Lines lines = {std::string(key) + ":"};
  for (const T& value : values) append(lines, indented(list_item(to_lines(value))));
  return lines;
}

/// The near known word as "; did you mean 'x'?", or nothing when no word is near.
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

/// Refuses any key of `mapping` that is not among `known`, and suggests the nearest. `of` says
/// whose keys they are.
void check_keys(const YamlNode& mapping, std::span<const std::string_view> known,
                std::string_view of);

}  // namespace parley::migrate
