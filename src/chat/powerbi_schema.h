#pragma once

// What a Power BI dataset tells of itself, and the text of it for a model. Pure functions.

#include <optional>
#include <string_view>

#include "chat/data_source.h"

namespace parley::chat {

/// The INFO.VIEW functions of DAX, which executeQueries answers.
inline constexpr std::string_view kTablesQuery = "EVALUATE INFO.VIEW.TABLES()";
inline constexpr std::string_view kColumnsQuery = "EVALUATE INFO.VIEW.COLUMNS()";
inline constexpr std::string_view kRelationshipsQuery = "EVALUATE INFO.VIEW.RELATIONSHIPS()";
inline constexpr std::string_view kMeasuresQuery = "EVALUATE INFO.VIEW.MEASURES()";

struct PowerBiSchemaRows {
  DataRows tables;
  DataRows columns;
  std::optional<DataRows> relationships;  ///< Nothing: not told.
  std::optional<DataRows> measures;
};

/// Tables with their columns, relationships and measures; a measure's expression is cut at 220
/// characters. Columns that only count rows are left out.
DataSchema powerbi_schema(const PowerBiSchemaRows& rows);

}  // namespace parley::chat
