#include "migrate/diagram.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "migrate/revision_column.h"
#include "schema/sql_names.h"

namespace parley::migrate {
namespace {

using schema::Table;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

/// True when no two rows of the table have the same values in `columns`.
bool are_unique(const Table& table, std::vector<std::string> columns) {
  const auto are_these = [&](std::vector<std::string> key) {
    std::ranges::sort(key);
    return key == columns;
  };
  const auto is_on_these = [&](const schema::Index& index) {
    std::vector<std::string> key;
    for (const schema::IndexPart& part : index.parts) {
      if (part.column.empty() || part.prefix_length > 0) return false;
      key.push_back(part.column);
    }
    return index.unique && index.where.empty() && are_these(std::move(key));
  };
  std::ranges::sort(columns);
  return (table.primary_key && are_these(table.primary_key->columns)) ||
         std::ranges::any_of(table.uniques, are_these, &schema::Unique::columns) ||
         std::ranges::any_of(table.indexes, is_on_these);
}

DiagramBox box_of(const Table& table) {
  DiagramBox box{.kind = DiagramBox::Kind::Table, .name = table.name, .comment = table.comment};
  for (const schema::Column& column : table.columns) {
    const bool is_foreign_key = std::ranges::any_of(
        table.foreign_keys,
        [&](const schema::ForeignKey& key) { return contains(key.columns, column.name); });
    box.rows.push_back(
        {.name = column.name,
         .type = type_text(column.type),
         .is_nullable = column.nullable,
         .is_primary_key = table.primary_key && contains(table.primary_key->columns, column.name),
         .is_foreign_key = is_foreign_key,
         .is_unique = are_unique(table, {column.name}),
         .comment = column.comment});
  }
  return box;
}

DiagramBox box_of(const schema::View& view) {
  DiagramBox box{.kind = DiagramBox::Kind::View, .name = view.name};
  for (const std::string& column : view.columns) box.rows.push_back({.name = column});
  return box;
}

DiagramBox box_of(const schema::Enum& enumeration) {
  DiagramBox box{.kind = DiagramBox::Kind::Enum, .name = enumeration.name};
  for (const std::string& value : enumeration.values) box.rows.push_back({.name = value});
  return box;
}

/// The row of the only column; keys over several columns belong to the first.
std::optional<std::size_t> row_of(const DiagramBox& box, const std::vector<std::string>& columns) {
  if (columns.empty()) return std::nullopt;
  const auto found = std::ranges::find(box.rows, columns.front(), &DiagramRow::name);
  if (found == box.rows.end()) return std::nullopt;
  return static_cast<std::size_t>(found - box.rows.begin());
}

void add_foreign_keys(const Table& table, std::size_t from,
                      const std::map<std::string, std::size_t>& positions, Diagram& diagram) {
  for (const schema::ForeignKey& key : table.foreign_keys) {
    const auto to = positions.find(key.referenced_table);
    if (to == positions.end()) continue;
    const bool is_optional = std::ranges::any_of(key.columns, [&](const std::string& name) {
      const schema::Column* column = table.find_column(name);
      return column != nullptr && column->nullable;
    });
    diagram.lines.push_back({.from = from,
                             .to = to->second,
                             .from_row = row_of(diagram.boxes[from], key.columns),
                             .to_row = row_of(diagram.boxes[to->second], key.referenced_columns),
                             .is_optional = is_optional,
                             .is_single = are_unique(table, key.columns),
                             .label = join(key.columns, ", ")});
  }
}

}  // namespace

Diagram diagram_of(const schema::Schema& schema) {
  Diagram diagram;
  std::map<std::string, std::size_t> positions;
  const auto add = [&](const auto& object) {
    positions[object.name] = diagram.boxes.size();
    diagram.boxes.push_back(box_of(object));
  };
  for (const Table& table : schema.tables) add(table);
  for (const schema::View& view : schema.views) add(view);
  for (const Table& table : schema.tables) {
    add_foreign_keys(table, positions.at(table.name), positions, diagram);
  }
  for (const schema::View& view : schema.views) {
    for (const auto& [name, position] : positions) {
      const bool is_read = std::ranges::any_of(view.query, [&](const schema::SqlText& text) {
        return schema::mentions_name(text.sql, name);
      });
      if (is_read && name != view.name) {
        diagram.lines.push_back({.from = positions.at(view.name), .to = position});
      }
    }
  }
  for (const schema::Enum& enumeration : schema.enums) {
    diagram.boxes.push_back(box_of(enumeration));
  }
  return diagram;
}

}  // namespace parley::migrate
