#pragma once

// One value of one column, as it travels between structs, statements and JSON. It names no engine:
// a driver turns it into what its C library wants.

#include <cstdint>
#include <string>
#include <variant>

namespace parley {

struct Null {
  bool operator==(const Null&) const = default;
};

struct Blob {
  std::string bytes;
  bool operator==(const Blob&) const = default;
};

/// Timestamps, JSON, UUIDs and decimals travel as text in the form that all engines read.
using Value = std::variant<Null, bool, std::int64_t, double, std::string, Blob>;

inline bool is_null(const Value& value) { return std::holds_alternative<Null>(value); }

}  // namespace parley
