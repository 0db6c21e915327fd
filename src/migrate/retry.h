#pragma once

// Patience with the locks of others. A schema change that waits for a lock makes everybody wait who
// comes after it, so a statement waits a short time only (`StatementPatience`) and is then tried
// again a bounded number of times, with growing pauses in which the others get their turn. One
// thread.

#include <functional>
#include <string>

#include "database/connection.h"
#include "migrate/execute_options.h"

namespace parley::migrate {

/// Gives the connection the statement lock time-out of the options for as long as it lives.
class StatementPatience {
 public:
  StatementPatience(database::Connection& connection, const ExecuteOptions& options);
  ~StatementPatience();
  StatementPatience(const StatementPatience&) = delete;
  StatementPatience& operator=(const StatementPatience&) = delete;

 private:
  database::Connection& connection_;
};

/// Runs `work` until it is not refused because of another's lock (Busy, Deadlock,
/// SerializationFailure), telling the log what waits. Throws what `work` threw; when the attempts
/// are used up, with the number of attempts in the message and the way out as hint. Requires:
/// `work` leaves nothing behind when it throws one of these.
void with_retries(const ExecuteOptions& options, const std::string& what,
                  const std::function<void()>& work);

}  // namespace parley::migrate
