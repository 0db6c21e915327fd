#pragma once

// What every case of the dialects' conformance suite needs: a database of its own, its dialect, and
// the verbs to change it and look at it. A case that needs a capability asks `capabilities()` and
// never the engine's name.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "schema/change.h"
#include "support/databases.h"

namespace parley::test {

class ConformanceTest : public testing::TestWithParam<TestEngine> {
 protected:
  ConformanceTest();

  const dialect::Dialect& dialect() const { return dialect_; }
  const dialect::Capabilities& capabilities() const { return dialect_.capabilities(); }
  database::Connection& connection() { return *connection_; }

  /// Renders the change against the known state, runs it as the executor does, and moves the state.
  void apply(const schema::Change& change);
  void apply_all(const std::vector<schema::Change>& changes);

  /// Applies what creates everything in `schema`: enums, tables, views, triggers.
  void create(const schema::Schema& schema);

  /// The state that the changes so far should have led to.
  const schema::Schema& state() const { return state_; }

  schema::Schema expected() const { return dialect_.normalize(state_); }
  schema::Schema found() { return dialect_.inspect(*connection_); }

  /// Looks for `expected()`. An engine keeps the meaning of a view and not its text, so that views
  /// are compared without it; what they show is for the case to ask.
  void expect_expected();

  void execute(const std::string& sql) { connection_->execute(sql); }
  /// The first value of the first row as text.
  std::string value(const std::string& sql);

 private:
  void run(const schema::Change& change);

  TestDatabase database_;
  std::unique_ptr<database::Connection> connection_;
  const dialect::Dialect& dialect_;
  schema::Schema state_;
};

schema::Column column(std::string name, schema::Type type);  ///< NOT NULL.
schema::Column nullable_column(std::string name, schema::Type type);
schema::Index index_on(std::string name, const std::vector<std::string>& columns);
schema::SqlTexts for_all_engines(std::string sql);

/// A change, and the question to the capabilities without which an engine cannot do it.
struct ChangeCase {
  std::string name;
  schema::Change change;
  bool dialect::Capabilities::* needs = nullptr;
};
bool can_do(const dialect::Capabilities& capabilities, const ChangeCase& change_case);

/// The cases for views, triggers and enums, whose fixture is in object_change_test.cpp.
std::vector<ChangeCase> object_change_cases();

}  // namespace parley::test

// Readable differences when an expectation about schemas fails; GoogleTest finds these by name.
namespace parley::schema {

void PrintTo(const Schema& schema, std::ostream* out);
void PrintTo(const Table& table, std::ostream* out);

}  // namespace parley::schema
