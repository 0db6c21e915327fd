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
  dialect_.require_rows_fit(*connection_, change, state_);
  const auto kept =
      dialect_.unmodelled_objects(*connection_, dialect_.rebuilt_tables(change, state_), state_);
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

void ConformanceTest::create(const schema::Schema& schema) {
  for (const schema::Enum& each : schema.enums) apply(schema::CreateEnum{each});
  for (const schema::Table& each : schema.tables) apply(schema::CreateTable{each});
  for (const schema::View& each : schema.views) apply(schema::CreateView{each});
  for (const schema::Trigger& each : schema.triggers) apply(schema::CreateTrigger{each});
}

void ConformanceTest::expect_expected() {
  const auto without_queries = [](schema::Schema schema) {
    for (schema::View& view : schema.views) {
      view.query.clear();
      view.columns.clear();
    }
    return schema;
  };
  EXPECT_EQ(without_queries(found()), without_queries(expected()));
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

schema::SqlTexts for_all_engines(std::string sql) {
  return {{.dialect = "", .sql = std::move(sql)}};
}

bool can_do(const dialect::Capabilities& capabilities, const ChangeCase& change_case) {
  return change_case.needs == nullptr || capabilities.*change_case.needs;
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
      "on_update={} by='{}' collation='{}' comment='{}' {}\n",
      column.name, static_cast<int>(type.kind), type.length, type.precision, type.scale,
      type.with_time_zone, type.native, column.nullable,
      column.default_value ? text_of(*column.default_value) : "none", column.auto_increment,
      column.on_update_now, column.on_update_trigger, column.collation, column.comment,
      column.generated ? fmt::format("generated={} stored={}", column.generated->expression,
                                     column.generated->is_stored)
                       : "");
}

std::string text_of(const IndexPart& part) {
  std::string text = part.expression.empty() ? part.column : "(" + part.expression + ")";
  if (part.prefix_length != 0) text += fmt::format(" prefix={}", part.prefix_length);
  if (part.descending) text += " desc";
  if (!part.collation.empty()) text += " collation=" + part.collation;
  if (!part.operator_class.empty()) text += " class=" + part.operator_class;
  if (part.nulls != NullsOrder::Usual) {
    text += fmt::format(" nulls={}", static_cast<int>(part.nulls));
  }
  return text;
}

std::string text_of(const SqlTexts& texts) {
  std::string text;
  for (const SqlText& each : texts) text += fmt::format(" [{}] {}", each.dialect, each.sql);
  return text;
}

std::string text_of(const Trigger& trigger) {
  return fmt::format(
      "\ntrigger {} on {} time={} insert={} update={} delete={} of=({}) statement={} function='{}' "
      "when:{} body:{}\n",
      trigger.name, trigger.table, static_cast<int>(trigger.time), trigger.events.insert,
      trigger.events.update, trigger.events.remove, join(trigger.update_of, ","),
      trigger.for_each_statement, trigger.function, text_of(trigger.when), text_of(trigger.body));
}

}  // namespace

void PrintTo(const Table& table, std::ostream* out) {
  *out << fmt::format("\ntable {} '{}' strict={} without_rowid={}\n", table.name, table.comment,
                      table.is_strict, table.is_without_rowid);
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
    *out << fmt::format("  foreign key '{}' ({}) {}({}) delete={} update={} deferral={}\n",
                        key.name, join(key.columns, ","), key.referenced_table,
                        join(key.referenced_columns, ","), static_cast<int>(key.on_delete),
                        static_cast<int>(key.on_update), static_cast<int>(key.deferral));
  }
  for (const Index& index : table.indexes) {
    *out << fmt::format("  index '{}' unique={} where='{}' method='{}' include=({}):", index.name,
                        index.unique, index.where, index.method, join(index.include, ","));
    for (const IndexPart& part : index.parts) *out << " " << text_of(part) << ",";
    *out << "\n";
  }
}

void PrintTo(const Schema& schema, std::ostream* out) {
  for (const Enum& each : schema.enums) {
    *out << fmt::format("\nenum {} ({})\n", each.name, join(each.values, ","));
  }
  for (const Table& table : schema.tables) PrintTo(table, out);
  for (const View& view : schema.views) {
    *out << fmt::format("\nview {} ({}) materialized={}:{}\n", view.name, join(view.columns, ","),
                        view.is_materialized, text_of(view.query));
  }
  for (const Trigger& trigger : schema.triggers) *out << text_of(trigger);
}

}  // namespace parley::schema
