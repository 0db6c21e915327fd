#pragma once

// Writes many rows into a table as they were, generated ids included, a hundred at a time. One
// thread, that of the connection.

#include <string>
#include <vector>

#include "database/connection.h"

namespace parley::dialect {

class RowLoader {
 public:
  RowLoader(database::Connection& connection, const std::string& table,
            const std::vector<std::string>& columns);

  /// Requires: one value per column. The row is in the table after `finish` at the latest.
  void add(std::vector<Value> row);
  void finish();

 private:
  void write();

  database::Connection& connection_;
  std::string beginning_;  ///< `INSERT INTO t (a, b) VALUES `.
  std::string marks_;      ///< `(?, ?)`.
  std::size_t waiting_ = 0;
  std::vector<Value> values_;
};

}  // namespace parley::dialect
