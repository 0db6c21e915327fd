#include "dialect/mariadb/mariadb_dialect.h"

namespace parley::dialect {

// MariaDB has no DROP CHECK (MariaDB documentation, "ALTER TABLE", "DROP CONSTRAINT").
std::string_view mariadb_drop_check() { return "DROP CONSTRAINT"; }

}  // namespace parley::dialect
