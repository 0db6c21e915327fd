#pragma once

// MariaDB 10.11 and newer, as what differs from MySQL: defaults and conditions are spelt as SQL in
// the catalogue, JSON is longtext with a json_valid check, a check is dropped like any constraint.
// Each file of this folder holds one group of those differences. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "dialect/mysql/mysql_dialect.h"

namespace parley::dialect {

Capabilities mariadb_capabilities();

/// The words before a check's name in ALTER TABLE.
std::string_view mariadb_drop_check();

std::string_view mariadb_indexes_query();
std::string_view mariadb_checks_query();
std::optional<schema::Default> read_mariadb_default(const MysqlStoredDefault& stored);
std::string read_mariadb_expression(const std::string& stored);

/// Turns a longtext column that must be valid JSON into a JSON column without that check.
void recognize_mariadb_json(schema::Table& table);

}  // namespace parley::dialect
