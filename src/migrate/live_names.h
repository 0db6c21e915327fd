#pragma once

// What the tables and columns of a plan are called in the database while none of its steps has run:
// a later step may speak of them by a new name. Internal to verdicts and rehearsals. Pure.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

class LiveNames {
 public:
  /// `live` is the schema before the first step; it must outlive the object.
  explicit LiveNames(const schema::Schema& live) : live_(live), state_(live) {}

  /// The table that is called `table` now; null when the plan created it.
  const schema::Table* table(const std::string& table) const;
  /// The column of it; null when the plan created it.
  const schema::Column* column(const std::string& table, const std::string& column) const;
  /// All of `columns`; nothing when the plan created one.
  std::optional<std::vector<std::string>> columns(const std::string& table,
                                                  const std::vector<std::string>& columns) const;

  /// True when an earlier step may have changed the rows of the table.
  bool has_new_rows(const std::string& table) const;

  const schema::Schema& state() const { return state_; }  ///< As the steps so far left it.

  /// Goes on behind `change`.
  void pass(const schema::Change& change);

 private:
  const schema::Schema& live_;
  schema::Schema state_;
  std::map<std::string, std::string> old_tables_;  ///< New name → the one in `live_`.
  std::map<std::pair<std::string, std::string>, std::string> old_columns_;
  std::set<std::string> created_;
  std::set<std::pair<std::string, std::string>> created_columns_;
  std::set<std::string> written_;
  bool is_anything_written_ = false;
};

}  // namespace parley::migrate
