#include "dialect/ddl.h"
#include "dialect/postgresql/postgresql_dialect.h"

namespace parley::dialect {

std::optional<std::string> PostgresqlDialect::without_blocking(
    const schema::CreateIndex& change) const {
  constexpr std::string_view kIndex = "INDEX ";
  std::string text = create_index_text(change.table, change.index, postgresql_style());
  return text.insert(text.find(kIndex) + kIndex.size(), "CONCURRENTLY ");
}

}  // namespace parley::dialect
