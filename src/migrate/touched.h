#pragma once

// Which objects of a schema a change writes and which it only relies on: what decides whether two
// branches get in each other's way. Pure.

#include <string>
#include <vector>

#include "schema/change.h"

namespace parley::migrate {

/// An object, or everything. Objects of a table have the table as their owner; an object without a
/// part is the whole of it.
struct Object {
  std::string owner;  ///< `table messages`, `view open`, `index idx_a`; empty: everything.
  std::string part;   ///< `column read_at`, `check ck_total`; empty: the owner itself.
  bool operator==(const Object&) const = default;
};

/// True when one is the other, or holds it.
bool overlap(const Object& a, const Object& b);

/// `messages.read_at`, `table messages`, `everything (SQL that is not looked into)`.
std::string name_of(const Object& object);

struct Touched {
  std::vector<Object> writes;
  std::vector<Object> relies_on;
};
Touched touched_by(const schema::Change& change);

}  // namespace parley::migrate
