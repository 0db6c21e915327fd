#pragma once

// One change as an item of a revision file's list: its name and what it is about on the first line
// (`create_table: sessions`), details as further keys. docs/guide/revision-files.md shows every
// form. Pure functions; those that read throw Error{InvalidRevisionFile} with the position of the
// mistake.

#include <array>
#include <span>
#include <string>
#include <string_view>
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
    {"columns", "primary_key", "unique", "checks", "foreign_keys", "indexes", "comment"});
void read_table_details(const YamlNode& item, schema::Table& table);
Lines table_detail_lines(const schema::Table& table);

/// What is said of a column under keys of its own, because it does not fit into its one line.
inline constexpr auto kColumnDetailKeys = std::to_array<std::string_view>({"collation", "comment"});
void read_column_details(const YamlNode& item, schema::Column& column);
Lines column_detail_lines(const schema::Column& column);

/// SQL: one text for every engine, a mapping from engine to text, or a list of both.
std::vector<schema::SqlText> read_sql_texts(const YamlNode& node);
Lines sql_lines(std::string_view key, const std::vector<schema::SqlText>& texts);

/// The text of a scalar; `key` says in the message where a text belongs.
std::string scalar_text(const YamlNode& node, std::string_view key);

/// Refuses any key of `mapping` that is not among `known`, and suggests the nearest. `of` says
/// whose keys they are.
void check_keys(const YamlNode& mapping, std::span<const std::string_view> known,
                std::string_view of);

}  // namespace parley::migrate
