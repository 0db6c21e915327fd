#include "migrate/parts.h"

namespace parley::migrate {
namespace {

using dialect::TransactionNeed;

Part::Kind kind_of(const Step& step, Ddl ddl) {
  if (std::holds_alternative<schema::Backfill>(step.change)) return Part::Kind::Backfill;
  const bool is_alone = ddl == Ddl::CommitsItself || step.transaction == TransactionNeed::Outside;
  return is_alone ? Part::Kind::Statements : Part::Kind::Transaction;
}

}  // namespace

std::int64_t positions_of(const Step& step) {
  return static_cast<std::int64_t>(step.statements.size());
}

std::int64_t positions_of(const Plan& plan) {
  std::int64_t count = 0;
  for (const Step& step : plan.steps) count += positions_of(step);
  return count;
}

std::vector<Part> parts_of(const Plan& plan, Ddl ddl) {
  std::vector<Part> parts;
  std::int64_t position = 0;
  bool is_open = false;  // The last part is a transaction that takes further steps.
  for (const Step& step : plan.steps) {
    const Part::Kind kind = kind_of(step, ddl);
    if (!is_open || kind != Part::Kind::Transaction) {
      parts.push_back({.kind = kind, .position = position});
    }
    parts.back().steps.push_back(&step);
    is_open = kind == Part::Kind::Transaction && step.transaction != TransactionNeed::CommitAfter;
    position += positions_of(step);
  }
  if (parts.empty() && ddl == Ddl::RollsBack) parts.emplace_back();
  return parts;
}

bool is_one_transaction(const std::vector<Part>& parts) {
  return parts.size() == 1 && parts.front().kind == Part::Kind::Transaction;
}

}  // namespace parley::migrate
