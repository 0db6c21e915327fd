#pragma once

// One deployer at a time per namespace. The lock itself is the engine's (it dies with the
// connection, so a killed process leaves none behind); the owner row beside it only tells people
// who holds it, and since when it was last seen alive. The heart beats on a thread with a
// connection of its own, because one statement may take an hour, in which the deployer's connection
// says nothing; that connection is opened at the first beat, so a short run never pays for it. Who
// takes the lock and finds an owner row knows that its owner is gone, whatever the row says. Lives
// on the stack of one thread.

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "database/connection.h"
#include "migrate/journal.h"

namespace parley::migrate {

inline constexpr auto kBeatInterval = std::chrono::seconds(5);

/// Writes the sign of life of this process into the owner row, every `interval`, until it ends. A
/// beat that fails (SQLite has one writer, which may be the deployer) is left out.
class Heartbeat {
 public:
  /// Both must outlive it; `connection` is only asked where it leads to.
  Heartbeat(const database::Connection& connection, const Clock& clock,
            std::chrono::milliseconds interval = kBeatInterval);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

 private:
  void run();
  void beat();

  const database::Connection& origin_;
  const Clock& clock_;
  const std::chrono::milliseconds interval_;
  std::unique_ptr<database::Connection> own_;
  std::mutex mutex_;
  std::condition_variable stop_signal_;
  bool must_stop_ = false;
  std::thread thread_;
};

class Lock {
 public:
  /// Waits at most `patience` for the lock, telling the log whom it waits for. Writes nothing.
  /// Throws Error{LockHeld} naming the holder, its host and process, and its last sign of life.
  Lock(database::Connection& connection, Journal& journal, const Clock& clock,
       std::chrono::milliseconds patience);

  /// Writes who holds it, and keeps the sign of life fresh from now on. An owner row that is there
  /// already is taken over, and the log says whose it was: of a process that died, or of another
  /// machine, which came with a restored backup. Requires: the engine's tables are there.
  void write_owner();

  /// Gives it back; never throws.
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  void wait(std::chrono::milliseconds patience);

  database::Connection& connection_;
  Journal& journal_;
  const Clock& clock_;
  std::string name_;
  bool has_owner_row_ = false;
  std::optional<Heartbeat> heartbeat_;
};

/// Who holds the lock that `row` tells of, as far as this machine can see at `now`.
std::string describe_holder(const LockRow& row, Timestamp now);

/// What became of the owner of a row that is there though the lock was free.
std::string describe_leftover(const LockRow& row);

/// Who runs this process: the user's name, and the machine's.
const std::string& current_user();
std::string current_host();

}  // namespace parley::migrate
