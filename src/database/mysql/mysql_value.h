#pragma once

// How values travel to and from libmariadb's binary protocol, and how columns read. For the driver
// only.

#include <mysql.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace parley::database {

/// Parameters bound for one execution. Strings and blobs stay where they are: `values` must outlive
/// it.
class MysqlParameters {
 public:
  explicit MysqlParameters(std::span<const Value> values);
  MYSQL_BIND* binds() { return binds_.data(); }

 private:
  void bind_integer(std::size_t i, std::int64_t number);
  void bind_double(std::size_t i, double number);
  void bind_bytes(std::size_t i, enum_field_types type, const std::string& bytes);

  std::vector<MYSQL_BIND> binds_;
  std::vector<std::int64_t> integers_;
  std::vector<double> doubles_;
};

/// What kind of `Value` a column gives.
enum class MysqlKind { Integer, Unsigned, Double, Bits, Text, Binary };
MysqlKind kind_of(const MYSQL_FIELD& field);

/// The value of `column` in the row that was fetched last.
Value fetch_value(MYSQL_STMT* statement, unsigned column, MysqlKind kind);

/// The same value as the text protocol writes it.
Value value_in_text(std::string_view text, MysqlKind kind);

}  // namespace parley::database
