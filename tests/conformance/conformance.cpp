#include "conformance/conformance.h"

#include <fmt/format.h>

#include <ostream>

#include "base/overloaded.h"
#include "base/text.h"
#include "database/transaction.h"
#include "dialect/foreign_key_pause.h"

namespace parley::test {

ConformanceTest::ConformanceTest()
    : database_(GetParam()),
      connection_(database_.connect()),
      dialect_(dialect::dialect_of(*connection_)) {}

void ConformanceTest::run(const schema::Change& change) {
  const auto statements = dialect_.render(change, state_);
  const auto kept = dialect_.unmodelled_objects(*connection_, change, state_);
  for (const auto& list : {statements, kept}) {
    for (const std::string& statement : list) {
      SCOPED_TRACE(statement);
      connection_->execute(statement);
    }
  }
}

void ConformanceTest::apply(const schema::Change& change) {
  SCOPED_TRACE(schema::describe(change));
  using Pause = dialect::ForeignKeyPause;
  if (capabilities().transactional_ddl) {
    const bool is_needed = dialect_.needs_foreign_keys_off(change, state_);
    Pause pause(*connection_, is_needed ? Pause::Needed::Yes : Pause::Needed::No);
    database::Transaction transaction(*connection_);
    run(change);
    pause.check();
    transaction.commit();
  } else {
    run(change);
  }
  schema::apply(state_, change);
}

void ConformanceTest::apply_all(const std::vector<schema::Change>& changes) {
  for (const schema::Change& change : changes) apply(change);
}

std::string ConformanceTest::value(const std::string& sql) {
  const auto rows = database::query(*connection_, sql);
  return rows.empty() ? "no row" : database::text_of(rows.front().front());
}

schema::Column column(std::string name, schema::Type type) {
  schema::Column made;
  made.name = std::move(name);
  made.type = std::move(type);
  return made;
}

schema::Column nullable_column(std::string name, schema::Type type) {
  schema::Column made = column(std::move(name), std::move(type));
  made.nullable = true;
  return made;
}

schema::Index index_on(std::string name, const std::vector<std::string>& columns) {
  schema::Index index;
  index.name = std::move(name);
  for (const std::string& each : columns) index.parts.push_back({.column = each});
  return index;
}

}  // namespace parley::test

namespace parley::schema {
namespace {

std::string text_of(const Default& value) {
  return std::visit(
      overloaded{[](bool truth) { return std::string(truth ? "true" : "false"); },
                 [](const Number& number) { return number.digits; },
                 [](const std::string& text) { return "'" + text + "'"; },
                 [](const CurrentTimestamp&) { return std::string("now"); },
                 [](const Expression& expression) { return "sql: " + expression.sql; }},
      value);
}

std::string text_of(const Column& column) {
  const Type& type = column.type;
  return fmt::format(
      "  {} kind={} length={} precision={} scale={} zone={} native='{}' nullable={} default={} "
      "auto={} "
      "on_update={} collation='{}' comment='{}'\n",
      column.name, static_cast<int>(type.kind), type.length, type.precision, type.scale,
      type.with_time_zone, type.native, column.nullable,
      column.default_value ? text_of(*column.default_value) : "none", column.auto_increment,
      column.on_update_now, column.collation, column.comment);
}

}  // namespace

void PrintTo(const Table& table, std::ostream* out) {
  *out << "\ntable " << table.name << " '" << table.comment << "'\n";
  for (const Column& column : table.columns) *out << text_of(column);
  if (table.primary_key) {
    *out << fmt::format("  primary key '{}' ({})\n", table.primary_key->name,
                        join(table.primary_key->columns, ","));
  }
  for (const Unique& unique : table.uniques) {
    *out << fmt::format("  unique '{}' ({})\n", unique.name, join(unique.columns, ","));
  }
  for (const Check& check : table.checks)
    *out << fmt::format("  check '{}' {}\n", check.name, check.expression);
  for (const ForeignKey& key : table.foreign_keys) {
    *out << fmt::format("  foreign key '{}' ({}) {}({}) delete={} update={}\n", key.name,
                        join(key.columns, ","), key.referenced_table,
                        join(key.referenced_columns, ","), static_cast<int>(key.on_delete),
                        static_cast<int>(key.on_update));
  }
  for (const Index& index : table.indexes) {
    *out << fmt::format("  index '{}' unique={} where='{}'", index.name, index.unique, index.where);
    for (const IndexPart& part : index.parts)
      *out << " " << part.column << (part.descending ? " desc" : "");
    *out << "\n";
  }
}

void PrintTo(const Schema& schema, std::ostream* out) {
  for (const Table& table : schema.tables) PrintTo(table, out);
}

}  // namespace parley::schema
