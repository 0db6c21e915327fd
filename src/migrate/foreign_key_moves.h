#pragma once

// Which foreign keys go in a difference of two schemas, and which come: those that are not wanted
// any more, and those that must step aside while the key they refer to is made anew, a column of
// theirs gets another type, or a table is dropped. Internal to diff. Pure.

#include <string>
#include <unordered_set>
#include <vector>

#include "migrate/matched_tables.h"
#include "schema/change.h"

namespace parley::migrate {

class ForeignKeyMoves {
 public:
  explicit ForeignKeyMoves(const MatchedTables& tables);

  /// DropForeignKey in the old names.
  const std::vector<schema::Change>& drops() const { return drops_; }
  /// AddForeignKey of the kept tables, in the new names.
  const std::vector<schema::Change>& additions() const { return additions_; }
  /// The tables that are gone, each before those it refers to. Cycles were cut by `drops`.
  const std::vector<const schema::Table*>& gone_in_order() const { return gone_; }

 private:
  void find_unserved_keys();
  bool must_step_aside(const MatchedTable& table, const schema::ForeignKey& base_key) const;
  void move_keys_of(const MatchedTable& table);
  void order_gone_tables();

  const MatchedTables& tables_;
  /// `table(a,b)`, columns sorted: the keys that are dropped or change, in the new names.
  std::unordered_set<std::string> moving_keys_;
  std::vector<schema::Change> drops_;
  std::vector<schema::Change> additions_;
  std::vector<const schema::Table*> gone_;
};

}  // namespace parley::migrate
