#include <array>

#include "dialect/postgresql/postgresql_dialect.h"

namespace parley::dialect {
namespace {

// pg_get_keywords() of PostgreSQL 15 to 17, categories "reserved" and "reserved (can be function or
// type name)".
constexpr std::array<std::string_view, 101> kReserved = {"all",
                                                         "analyse",
                                                         "analyze",
                                                         "and",
                                                         "any",
                                                         "array",
                                                         "as",
                                                         "asc",
                                                         "asymmetric",
                                                         "authorization",
                                                         "binary",
                                                         "both",
                                                         "case",
                                                         "cast",
                                                         "check",
                                                         "collate",
                                                         "collation",
                                                         "column",
                                                         "concurrently",
                                                         "constraint",
                                                         "create",
                                                         "cross",
                                                         "current_catalog",
                                                         "current_date",
                                                         "current_role",
                                                         "current_schema",
                                                         "current_time",
                                                         "current_timestamp",
                                                         "current_user",
                                                         "default",
                                                         "deferrable",
                                                         "desc",
                                                         "distinct",
                                                         "do",
                                                         "else",
                                                         "end",
                                                         "except",
                                                         "false",
                                                         "fetch",
                                                         "for",
                                                         "foreign",
                                                         "freeze",
                                                         "from",
                                                         "full",
                                                         "grant",
                                                         "group",
                                                         "having",
                                                         "ilike",
                                                         "in",
                                                         "initially",
                                                         "inner",
                                                         "intersect",
                                                         "into",
                                                         "is",
                                                         "isnull",
                                                         "join",
                                                         "lateral",
                                                         "leading",
                                                         "left",
                                                         "like",
                                                         "limit",
                                                         "localtime",
                                                         "localtimestamp",
                                                         "natural",
                                                         "not",
                                                         "notnull",
                                                         "null",
                                                         "offset",
                                                         "on",
                                                         "only",
                                                         "or",
                                                         "order",
                                                         "outer",
                                                         "overlaps",
                                                         "placing",
                                                         "primary",
                                                         "references",
                                                         "returning",
                                                         "right",
                                                         "select",
                                                         "session_user",
                                                         "similar",
                                                         "some",
                                                         "symmetric",
                                                         "system_user",
                                                         "table",
                                                         "tablesample",
                                                         "then",
                                                         "to",
                                                         "trailing",
                                                         "true",
                                                         "union",
                                                         "unique",
                                                         "user",
                                                         "using",
                                                         "variadic",
                                                         "verbose",
                                                         "when",
                                                         "where",
                                                         "window",
                                                         "with"};

}  // namespace

const Capabilities& PostgresqlDialect::capabilities() const {
  static const Capabilities kCapabilities = {.name = "postgresql",
                                             .transactional_ddl = true,
                                             .add_constraint = true,
                                             .alter_column = true,
                                             .add_column_with_now = true,
                                             .on_update_now = false,
                                             .partial_index = true,
                                             .multi_row_returning = true,
                                             .insert_returning = true,
                                             .update_returning = true,
                                             .on_conflict = true,
                                             .native_json = true,
                                             .one_writer = false,
                                             .datetime_digits = 6,
                                             .native_enums = true,
                                             .materialized_views = true,
                                             .statement_triggers = true,
                                             .instead_of_triggers = true,
                                             .triggers_of_many_events = true,
                                             .trigger_update_of = true,
                                             .trigger_when = true,
                                             .expression_indexes = true,
                                             .prefix_indexes = false,
                                             .include_columns = true,
                                             .index_methods = true,
                                             .nulls_order = true,
                                             .deferrable_keys = true,
                                             .stored_generated_columns = true,
                                             .virtual_generated_columns = false,
                                             .strict_tables = false,
                                             .comments = true};
  return kCapabilities;
}

const SqlStyle& postgresql_style() {
  static const SqlStyle kStyle = {.more_strings = true, .reserved_words = kReserved};
  return kStyle;
}

const Dialect& postgresql() {
  static const PostgresqlDialect kDialect;
  return kDialect;
}

std::string PostgresqlDialect::quote(std::string_view name) const {
  return quote_name(name, postgresql_style());
}

std::string PostgresqlDialect::literal(std::string_view text) const {
  return quote_string(text, postgresql_style());
}

}  // namespace parley::dialect
