#pragma once

// One deployer at a time per namespace. The lock itself is the engine's (it dies with the
// connection, so a killed process leaves none behind); the owner row beside it only tells people
// who holds it. Lives on the stack of one thread.

#include <chrono>
#include <string>

#include "base/clock.h"
#include "database/connection.h"
#include "migrate/journal.h"

namespace parley::migrate {

class Lock {
 public:
  /// Waits at most `patience` for the lock, telling the log whom it waits for. Writes nothing.
  /// Throws Error{LockHeld} naming the holder.
  Lock(database::Connection& connection, Journal& journal, std::chrono::milliseconds patience);

  /// Writes who holds it. An owner row that is there already was left by a process that died: says
  /// so. Requires: the engine's tables are there.
  void write_owner(Timestamp now);

  /// Gives it back; never throws.
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  void wait(std::chrono::milliseconds patience);

  database::Connection& connection_;
  Journal& journal_;
  std::string name_;
  bool has_owner_row_ = false;
};

/// Who runs this process: the user's name, and the machine's.
std::string current_user();
std::string current_host();

}  // namespace parley::migrate
