#include <algorithm>

#include "dialect/expression.h"
#include "dialect/mariadb/mariadb_dialect.h"

namespace parley::dialect {

void recognize_mariadb_json(schema::Table& table) {
  for (schema::Column& column : table.columns) {
    const bool may_be_json =
        column.type.kind == schema::TypeKind::Json ||
        (column.type.kind == schema::TypeKind::Native && column.type.native == "longtext");
    if (!may_be_json) continue;
    const std::string condition = "json_valid(" + quote_name(column.name, mysql_style()) + ")";
    const std::size_t checks = std::erase_if(table.checks, [&](const schema::Check& check) {
      return canonical_expression(check.expression, mysql_style(), &table) == condition;
    });
    if (checks > 0) column.type = schema::json();
  }
}

}  // namespace parley::dialect
