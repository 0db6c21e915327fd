#pragma once

// What a change means to those who use the database meanwhile: the lock it takes, whom that blocks,
// and whether it goes through the rows. From the manuals of the engines; for people who read a
// plan. Pure; any thread.

#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::dialect {

enum class RowWork {
  None,
  Reads,     ///< Goes through the rows once: a new index or constraint.
  Rewrites,  ///< Writes every row anew, or deletes it.
};

struct Impact {
  std::string lock;    ///< In the engine's words: `ACCESS EXCLUSIVE on notes`.
  std::string blocks;  ///< `nobody`, `writers`, `readers and writers`.
  RowWork rows = RowWork::None;
};

/// Of `change` on a database in state `before`, carried out by `statements`.
Impact impact_of(const schema::Change& change, const schema::Schema& before,
                 const std::vector<std::string>& statements, const Dialect& dialect);

}  // namespace parley::dialect
