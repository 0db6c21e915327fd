#include "dialect/privileges.h"

#include <set>
#include <string>

#include "base/error.h"
#include "dialect/dialect.h"

namespace parley::dialect {
namespace {

using database::text_of;
using database::truth_of;

Privileges of_sqlite(database::Connection& connection) {
  // Nothing in SQL tells whether the file can be written; taking the write lock for a moment does.
  bool can_write = true;
  try {
    connection.begin();
    connection.rollback();
  } catch (const Error& error) {
    connection.rollback();
    // Somebody who is writing shows that it can be done.
    can_write = error.code() == ErrorCode::Busy;
  }
  return {.can_write = can_write, .can_create = can_write, .can_create_namespace = true};
}

Privileges of_postgresql(database::Connection& connection) {
  const auto rows = database::query(
      connection,
      "SELECT COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false), "
      "has_database_privilege(current_database(), 'CREATE'), "
      "pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'");
  const bool can_write = !truth_of(rows.at(0).at(2));
  return {.can_write = can_write,
          .can_create = can_write && truth_of(rows[0][0]),
          .can_create_namespace = can_write && truth_of(rows[0][1])};
}

/// Privileges of the account, on everything and on this database. Patterns in a database's name
/// (`app\_%`) are matched as the server matches them.
Privileges of_mysql(database::Connection& connection) {
  constexpr std::string_view kGrantee =
      "CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', "
      "SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')";
  const auto read = [&](const std::string& sql) {
    std::set<std::string> privileges;
    for (const auto& row : database::query(connection, sql)) privileges.insert(text_of(row[0]));
    return privileges;
  };
  const auto global = read(
      "SELECT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES "
      "WHERE GRANTEE = " +
      std::string(kGrantee));
  const auto here = read(
      "SELECT PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES "
      "WHERE DATABASE() LIKE TABLE_SCHEMA AND GRANTEE = " +
      std::string(kGrantee));
  const auto rows = database::query(connection, "SELECT @@global.read_only");
  const auto has = [&](const char* name) { return global.contains(name) || here.contains(name); };
  const bool is_open =
      !truth_of(rows.at(0).at(0)) || global.contains("SUPER") || global.contains("READ ONLY ADMIN");
  return {.can_write = is_open && has("INSERT") && has("UPDATE"),
          .can_create = is_open && has("CREATE") && has("ALTER"),
          .can_create_namespace = is_open && global.contains("CREATE")};
}

}  // namespace

Privileges privileges_of(database::Connection& connection) {
  const std::string& name = dialect_of(connection).capabilities().name;
  if (name == "sqlite") return of_sqlite(connection);
  if (name == "postgresql") return of_postgresql(connection);
  return of_mysql(connection);
}

}  // namespace parley::dialect
