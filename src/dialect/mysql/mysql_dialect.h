#pragma once

// MySQL 8 and, with another `MysqlFlavor`, MariaDB. Equivalents: boolean is tinyint(1), UUID is
// CHAR(36), time zones are not kept, an enum is text with a check, a trigger's condition an IF
// around its body. Not seen are a view's ALGORITHM, DEFINER and SQL SECURITY, a trigger's DEFINER,
// sql_mode and place among those of its event, storage engines, character sets, partitions,
// invisible columns and ignored indexes. A unique constraint is a unique index and nothing else
// here, so one with a name of its own reads as an index; one that the engine named after its first
// column reads as a constraint without a name. InnoDB makes an index for a foreign key that has
// none: it is not shown, as nobody asked for it. Immutable; any thread.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/sql_style.h"

namespace parley::dialect {

/// A default as information_schema.COLUMNS tells it.
struct MysqlStoredDefault {
  std::string text;
  std::string extra;  ///< Upper case: `DEFAULT_GENERATED`, `ON UPDATE CURRENT_TIMESTAMP`.
  schema::Type type;
};

/// Where MySQL and MariaDB differ, as one value. Each engine's folder makes its own.
struct MysqlFlavor {
  Capabilities capabilities;
  std::string_view drop_check;                ///< The words before the name in ALTER TABLE.
  bool checks_named_per_database = false;     ///< Otherwise for each table.
  bool generated_not_null = false;            ///< A generated column can be NOT NULL.
  bool renames_sources_of_generated = false;  ///< One ALTER TABLE renames a column and rewrites the
                                              ///< generated columns that read it.
  bool replaces_triggers = false;             ///< There is CREATE OR REPLACE TRIGGER.
  std::string_view
      indexes_query;  ///< Every index part: table, name, …, expression where there is one.
  std::string_view checks_query;        ///< Table, name, clause, and `Table` or `Column`. In both
                                        ///< stands `AND TRUE` where a condition on TABLE_NAME may
                                        ///< stand.
  std::string_view engine_check_label;  ///< The server's name of a check is this and a number; `{}`
                                        ///< is the table.
  std::optional<schema::Default> (*read_default)(const MysqlStoredDefault& stored);
  std::string (*read_expression)(
      const std::string& stored);  ///< SQL as it was before the catalogue quoted it.
  /// What only this engine writes differently, taken back; runs first when a table is normalised.
  void (*recognize_equivalents)(schema::Table& table);
};

Capabilities mysql_capabilities();

const MysqlFlavor& mysql_flavor();
const MysqlFlavor& mariadb_flavor();

class MysqlDialect final : public Dialect {
 public:
  /// `flavor` must outlive the dialect.
  explicit MysqlDialect(const MysqlFlavor& flavor) : flavor_(flavor) {}

  const Capabilities& capabilities() const override { return flavor_.capabilities; }
  std::vector<std::string> render(const schema::Change& change,
                                  const schema::Schema& before) const override;
  schema::Schema normalize(const schema::Schema& schema) const override;
  schema::Schema inspect(database::Connection& connection) const override;
  schema::Schema inspect_tables(database::Connection& connection,
                                const std::set<std::string>& tables) const override;
  bool serves_as(const schema::Type& live, const schema::Type& wanted) const override;
  schema::Type long_text() const override { return schema::native("mediumtext"); }
  std::string quote(std::string_view name) const override;
  std::vector<std::string> online_forms(const std::string& statement) const override;
  std::vector<Concern> concerns(database::Connection& connection) const override;
  std::string script_text(const std::string& statement) const override;
  std::string literal(std::string_view text) const override;
  std::string type_text(const schema::Type& type) const override;

 private:
  const MysqlFlavor& flavor_;
};

const SqlStyle& mysql_style();

/// The type that a text of COLUMN_TYPE, or its common long form, stands for.
schema::Type mysql_type(std::string_view text);

/// DDL's text of a type: `VARCHAR(36)`. Throws Error{UnsupportedChange} for VARCHAR without a
/// length.
std::string mysql_type_text(const schema::Type& type);

/// True for a text of so few characters that it is a VARCHAR here, and may be in a key.
bool is_mysql_short_text(const schema::Type& type);

/// True for the name that the server gives an index on `columns`: the first column's, perhaps with
/// a number behind.
bool is_mysql_index_name(std::string_view index, const std::vector<std::string>& columns);

}  // namespace parley::dialect
