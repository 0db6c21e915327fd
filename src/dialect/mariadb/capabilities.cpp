#include "dialect/mariadb/mariadb_dialect.h"

namespace parley::dialect {

Capabilities mariadb_capabilities() {
  Capabilities capabilities = mysql_capabilities();
  capabilities.name = "mariadb";
  capabilities.native_json = false;
  capabilities.multi_row_returning = true;
  capabilities.insert_returning = true;
  return capabilities;
}

const MysqlFlavor& mariadb_flavor() {
  static const MysqlFlavor kFlavor = {.capabilities = mariadb_capabilities(),
                                      .drop_check = mariadb_drop_check(),
                                      .renames_sources_of_generated = true,
                                      .replaces_triggers = true,
                                      .indexes_query = mariadb_indexes_query(),
                                      .checks_query = mariadb_checks_query(),
                                      .engine_check_label = "CONSTRAINT_",
                                      .read_default = read_mariadb_default,
                                      .read_expression = read_mariadb_expression,
                                      .recognize_equivalents = recognize_mariadb_json};
  return kFlavor;
}

const Dialect& mariadb() {
  static const MysqlDialect kDialect(mariadb_flavor());
  return kDialect;
}

}  // namespace parley::dialect
