#include "migrate/proof.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dialect/dialect.h"
#include "dialect/scratch.h"
#include "migrate/diff.h"
#include "migrate/scratch.h"

namespace parley::migrate {
namespace {

using Result = Proof::Result;

/// What the step that fails says; empty when all succeed.
std::string failure_of(dialect::Scratch& scratch, const Plan& plan) {
  for (const Step& step : plan.steps) {
    for (const std::string& statement : step.statements) {
      try {
        scratch.execute(statement);
      } catch (const Error& error) {
        return fmt::format("{}: {}", step.reason, error.what());
      }
    }
  }
  return "";
}

/// A step that must be outside of a transaction, or committed before the next, cannot be tried in
/// one.
dialect::ScratchPlace place_for(const Plan& plan) {
  const bool is_transaction = std::ranges::all_of(plan.steps, [](const Step& step) {
    return step.transaction == dialect::TransactionNeed::Inside;
  });
  return is_transaction ? dialect::ScratchPlace::Cheapest : dialect::ScratchPlace::Database;
}

}  // namespace

Proof prove(database::Connection& connection, const schema::Schema& live, const Plan& plan,
            const schema::Schema& wanted) {
  const auto attempt = dialect::open_scratch(connection, place_for(plan));
  if (!attempt.scratch) return {Result::Untried, "", attempt.why_not, {}};
  dialect::Scratch& scratch = *attempt.scratch;
  Proof proof{.result = Result::Untried, .where = scratch.kind(), .why = "", .left = {}};
  try {
    create_in(scratch, live);
  } catch (const Error& error) {
    proof.why = fmt::format("what is there cannot be copied: {}", error.what());
    return proof;
  }
  proof.result = Result::Refuted;
  proof.why = failure_of(scratch, plan);
  if (!proof.why.empty()) return proof;
  proof.left = diff(dialect::dialect_of(connection).inspect(scratch.connection()), wanted);
  if (proof.left.empty()) proof.result = Result::Proved;
  return proof;
}

std::string to_text(const Proof& proof) {
  switch (proof.result) {
    case Result::Proved: return fmt::format("Proved in {}.", proof.where);
    case Result::Untried: return fmt::format("Not proved: {}", proof.why);
    case Result::Refuted: break;
  }
  std::string text = fmt::format("Tried in {}, it does not lead to the wanted schema", proof.where);
  if (!proof.why.empty()) return text + ": " + proof.why;
  text += "; this is left:";
  for (const schema::Change& change : proof.left) text += "\n  " + schema::describe(change);
  return text;
}

}  // namespace parley::migrate
