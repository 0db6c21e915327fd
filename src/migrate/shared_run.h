#pragma once

// Several revisions in one transaction, on an engine that writes one transaction at a time anyway:
// their results are verified together, and they are flushed together, so that a long history costs
// neither a flush nor a look at the catalogue per revision. All of them come about or none; whoever
// wants to know which one fails runs them one by one (migrate/run.h). Internal to the executor. One
// thread.

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "database/transaction.h"
#include "migrate/deployment.h"
#include "migrate/execute_options.h"
#include "migrate/plan.h"

namespace parley::migrate {

class SharedRun {
 public:
  /// False where a transaction of several revisions would lock more than that of one.
  static bool is_possible(const dialect::Dialect& dialect);
  /// True for a plan without user's SQL, backfills, and tables made anew: those run by themselves.
  static bool takes(const Plan& plan);

  /// Begins the transaction. What is not committed in the end is rolled back. The arguments must
  /// outlive it.
  SharedRun(Deployment& deployment, const ExecuteOptions& options);

  /// True when others should get their turn to write.
  bool is_long() const;

  /// Requires: `takes(plan)`. `tables` are those that the plan knows. Throws what the database
  /// threw.
  void execute(const Revision& revision, const Plan& plan, const std::set<std::string>& tables);

  /// Throws Error{SchemaDrift} unless the tables of all plans are those of `planned`.
  void verify(const schema::Schema& planned) const;

  /// Writes of each revision that it was run and is applied.
  void record();

  void commit() { transaction_.commit(); }

  const std::vector<const Revision*>& revisions() const { return revisions_; }

 private:
  Deployment& deployment_;
  const ExecuteOptions& options_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  database::Transaction transaction_;
  std::vector<const Revision*> revisions_;
  std::vector<JournalRow> entries_;  ///< One for each revision.
  std::set<std::string> tables_;
};

}  // namespace parley::migrate
