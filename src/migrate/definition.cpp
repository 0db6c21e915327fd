#include "migrate/definition.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace parley::migrate {

const HistoryDefinition& NamespaceDefinition::history_named(std::string_view history) const {
  std::vector<std::string> names;
  for (const HistoryDefinition& each : histories) {
    if (each.name == history) return each;
    names.push_back(each.name);
  }
  throw Error(ErrorCode::InvalidArgument, fmt::format("There is no history '{}'", history),
              fmt::format("The histories here are: {}.", join(names, ", ")));
}

schema::Schema NamespaceDefinition::declared() const {
  schema::Schema all;
  for (const HistoryDefinition& history : histories) all = with_declared(std::move(all), history);
  return all;
}

schema::Schema with_declared(schema::Schema base, const HistoryDefinition& history) {
  for (const schema::Table& table : history.declared_tables) {
    if (schema::Table* existing = base.find_table(table.name)) {
      *existing = table;
    } else {
      base.tables.push_back(table);
    }
  }
  for (const schema::Enum& declared : history.declared_enums) {
    const auto existing = std::ranges::find(base.enums, declared.name, &schema::Enum::name);
    if (existing == base.enums.end()) {
      base.enums.push_back(declared);
    } else {
      *existing = declared;
    }
  }
  for (const schema::TableIndex& attached : history.declared_indexes) {
    schema::Table* table = base.find_table(attached.table);
    if (table != nullptr && table->find_index(attached.index.name) == nullptr) {
      table->indexes.push_back(attached.index);
    }
  }
  return base;
}

schema::Schema without_engine_tables(schema::Schema schema, const Marker& marker) {
  std::erase_if(schema.tables, [&](const auto& table) {
    return marker.is_table(table.name) || table.name.starts_with("parley_");
  });
  return schema;
}

}  // namespace parley::migrate
