#include "chat/powerbi_schema.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace parley::chat {
namespace {

constexpr std::size_t kExpressionMax = 220;
constexpr std::size_t kTextMax = 60'000;

/// Reads rows by the names of their columns, which come as `[Name]`.
class Named {
 public:
  explicit Named(const DataRows& rows) : rows_(rows) {}

  std::string text(std::size_t row, std::string_view name) const {
    const auto found = std::ranges::find(rows_.columns, fmt::format("[{}]", name));
    if (found == rows_.columns.end()) return {};
    const auto column = static_cast<std::size_t>(found - rows_.columns.begin());
    return rows_.rows[row][column].value_or("");
  }
  std::size_t size() const { return rows_.rows.size(); }

 private:
  const DataRows& rows_;
};

std::vector<DataColumn> columns_of(const Named& rows) {
  std::vector<DataColumn> columns;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    DataColumn column{.table = rows.text(i, "Table"),
                      .name = rows.text(i, "Name"),
                      .type = rows.text(i, "DataType")};
    if (column.name.empty() || column.name.starts_with("RowNumber-")) continue;
    column.is_text = column.type == "Text" || column.type == "String";
    columns.push_back(std::move(column));
  }
  std::ranges::stable_sort(columns, {}, &DataColumn::table);
  return columns;
}

std::string described(std::string_view description) {
  const std::string line = collapse_white_space(description);
  return line.empty() ? line : fmt::format(" -- {}", first_code_points(line, kExpressionMax));
}

std::string table_lines(const Named& tables, const std::vector<DataColumn>& columns) {
  std::string text = "Tables:\n";
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const std::string name = tables.text(i, "Name");
    text += fmt::format("'{}'{}\n", name, described(tables.text(i, "Description")));
    for (const DataColumn& column : columns) {
      if (column.table == name) text += fmt::format("  [{}] {}\n", column.name, column.type);
    }
  }
  return text;
}

std::string relationship_lines(const Named& rows) {
  std::string text = rows.size() == 0 ? "" : "Relationships:\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text +=
        fmt::format("'{}'[{}] -> '{}'[{}]\n", rows.text(i, "FromTable"), rows.text(i, "FromColumn"),
                    rows.text(i, "ToTable"), rows.text(i, "ToColumn"));
  }
  return text;
}

std::string measure_lines(const Named& rows) {
  std::string text = rows.size() == 0 ? "" : "Measures:\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string expression = collapse_white_space(rows.text(i, "Expression"));
    text += fmt::format("'{}'[{}] = {}\n", rows.text(i, "Table"), rows.text(i, "Name"),
                        first_code_points(expression, kExpressionMax));
  }
  return text;
}

}  // namespace

DataSchema powerbi_schema(const PowerBiSchemaRows& rows) {
  DataSchema schema;
  schema.columns = columns_of(Named(rows.columns));
  schema.text = table_lines(Named(rows.tables), schema.columns);
  if (rows.relationships) schema.text += relationship_lines(Named(*rows.relationships));
  if (rows.measures) schema.text += measure_lines(Named(*rows.measures));
  schema.text = first_code_points(schema.text, kTextMax);
  return schema;
}

}  // namespace parley::chat
