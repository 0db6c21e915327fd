#include "store/references.h"

#include <algorithm>

#include "dialect/dialect.h"

namespace parley::store::detail {
namespace {

/// `column IN (SELECT …)`
Pieces is_selected(Name column, const TableNames& from, Name selected, const Pieces& condition) {
  Pieces pieces{column, " IN (SELECT ", selected, " FROM ", Name{from.table}};
  if (!condition.empty()) {
    pieces.emplace_back(" WHERE ");
    append(pieces, condition);
  }
  pieces.emplace_back(")");
  return pieces;
}

bool points_at(const schema::ForeignKey& key, std::string_view table, std::string_view column) {
  return key.referenced_table == table && key.referenced_columns.size() == 1 &&
         key.referenced_columns.front() == column;
}

}  // namespace

std::vector<std::string> tables_pointing_at(database::Connection& connection,
                                            const TableNames& table, Name column,
                                            const Pieces& condition,
                                            std::span<const std::string_view> except) {
  std::vector<std::string> found;
  const schema::Schema live = dialect::dialect_of(connection).inspect(connection);
  for (const schema::Table& other : live.tables) {
    if (std::ranges::find(except, other.name) != except.end()) continue;
    const bool has_rows = std::ranges::any_of(other.foreign_keys, [&](const auto& key) {
      if (!points_at(key, table.table, column.text)) return false;
      const Pieces pointing = is_selected(Name{key.columns.front()}, table, column, condition);
      return any_row(connection, TableNames{.table = other.name, .columns = {}, .generated = {}},
                     pointing);
    });
    if (has_rows) found.push_back(other.name);
  }
  return found;
}

}  // namespace parley::store::detail
