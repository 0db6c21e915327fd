#pragma once

// How a plan is cut where it cannot be one transaction. Every part is done entirely or not at all,
// or leaves a trace by which a later run recognises how far it came. Pure.

#include <cstdint>
#include <vector>

#include "migrate/plan.h"

namespace parley::migrate {

struct Part {
  enum class Kind {
    Transaction,  ///< Steps that are committed together with their marks.
    Statements,   ///< A step whose statements commit by themselves: marked before and after.
    Backfill,     ///< A step in batches, each committed together with where to go on.
  };
  Kind kind = Kind::Transaction;
  std::vector<const Step*> steps;
  std::int64_t position = 0;  ///< Of the first statement, counted through the plan from 0.
};

/// The parts of `plan`, in order. Where the engine can roll DDL back, neighbouring steps share a
/// transaction unless one needs to be outside or to be committed first; elsewhere every step is a
/// part. The plan must outlive them.
enum class Ddl { RollsBack, CommitsItself };
std::vector<Part> parts_of(const Plan& plan, Ddl ddl);

/// True when the plan can be one transaction, with its journal entry and the version in it.
bool is_one_transaction(const std::vector<Part>& parts);

/// How many positions a step takes, or all steps of a plan.
std::int64_t positions_of(const Step& step);
std::int64_t positions_of(const Plan& plan);

}  // namespace parley::migrate
