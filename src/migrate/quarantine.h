#pragma once

// Takes rows that refer to rows which are not there out of the way of foreign keys, into tables
// beside: nothing is deleted. Pure: it says in changes and conditions what is to be done.

#include <set>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

/// The changes that move the rows of `table` for which `condition` holds to `beside`, a table with
/// its columns and none of its keys, which is created when `live` does not have it.
std::vector<schema::Change> move_rows(const dialect::Dialect& dialect, const schema::Schema& live,
                                      const std::string& table, const std::string& beside,
                                      const std::string& condition);

class Quarantine {
 public:
  /// The foreign keys of `wanted` over the rows of `live`; both must outlive this. `table_prefix`
  /// is left out of the names of the tables beside.
  Quarantine(const dialect::Dialect& dialect, const schema::Schema& live,
             const schema::Schema& wanted, std::string table_prefix);

  /// The tables of both, each before those that it refers to: whoever moves rows in this order
  /// never takes a row from under another.
  std::vector<std::string> children_first() const;

  /// The condition that a row of `table` refers to a row that is not there, or that will be moved
  /// itself; empty when it refers to nothing. It follows the keys of each table that it refers to,
  /// path by path, except of those that are known to be sound.
  std::string is_lost(const std::string& table) const;

  /// No row of `table` is lost: conditions made from now on do not look behind it.
  void note_sound(const std::string& table) { sound_.insert(table); }

  /// `orphaned_messages`.
  std::string name_for(const std::string& table) const;

  std::vector<schema::Change> move(const std::string& table) const;

 private:
  std::string is_lost(const std::string& table, const std::string& alias,
                      std::vector<std::string> seen) const;
  std::string is_dangling(const schema::ForeignKey& key, const std::string& table,
                          const std::string& alias, const std::vector<std::string>& seen) const;

  const dialect::Dialect& dialect_;
  const schema::Schema& live_;
  const schema::Schema& wanted_;
  std::string table_prefix_;
  std::set<std::string> sound_;
};

}  // namespace parley::migrate
