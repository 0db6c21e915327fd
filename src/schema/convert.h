#pragma once

// One member of a declared struct as the databases take it, as they hand it out, and as it leaves
// in the JSON: an overload per C++ type that a column may bind. Pure functions; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/json.h"
#include "base/value.h"

namespace parley::schema {

/// Which column a value came from, for the message when it is not what was declared.
struct ColumnPath {
  std::string_view table;
  std::string_view column;
};

// A value of a column as the databases take it, and back. `from_value` accepts every form in which
// an engine hands the value out (booleans as 0/1, numbers as text) and throws
// Error{DatabaseFailure} naming what it got, and for which column, when the value cannot be that
// type.
Value to_value(bool value);
Value to_value(std::int64_t value);
Value to_value(double value);
Value to_value(const std::string& value);
Value to_value(const Blob& value);
Value to_value(const Json& value);
Value to_value(Timestamp value);
void from_value(Value&& value, bool& out, const ColumnPath& column = {});
void from_value(Value&& value, std::int64_t& out, const ColumnPath& column = {});
void from_value(Value&& value, double& out, const ColumnPath& column = {});
void from_value(Value&& value, std::string& out, const ColumnPath& column = {});
void from_value(Value&& value, Blob& out, const ColumnPath& column = {});
void from_value(Value&& value, Json& out, const ColumnPath& column = {});
void from_value(Value&& value, Timestamp& out, const ColumnPath& column = {});

template <class T>
Value to_value(const std::optional<T>& value) {
  return value ? to_value(*value) : Value{Null{}};
}
template <class T>
void from_value(Value&& value, std::optional<T>& out, const ColumnPath& column = {}) {
  if (is_null(value)) {
    out.reset();
  } else {
    from_value(std::move(value), out.emplace(), column);
  }
}

// A time of a column that programs before this one have written as text (SQLite), read leniently: a
// `T` without a zone is local time of this process (base/time_zone.h), and what is no time at all
// is nothing, or `kUnreadableTime` where there must be one.

/// Stands for a time that cannot be read.
inline constexpr Timestamp kUnreadableTime = Timestamp::min();

/// The time that such a text is; nothing when it is none.
std::optional<Timestamp> time_in_iso_text(std::string_view text);
void from_iso_text(Value&& value, Timestamp& out, const ColumnPath& column = {});
void from_iso_text(Value&& value, std::optional<Timestamp>& out, const ColumnPath& column = {});

/// The form in which such a time is written: `2025-01-31T09:30:00.000000+00:00`.
std::string format_iso_text(Timestamp time);

// The value as it leaves: a time is RFC 3339.
Json to_json(bool value);
Json to_json(std::int64_t value);
Json to_json(double value);
Json to_json(const std::string& value);
Json to_json(const Json& value);
Json to_json(Timestamp value);

}  // namespace parley::schema
