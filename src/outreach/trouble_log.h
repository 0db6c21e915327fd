#pragma once

// What goes wrong, on its way to the system log. The moment is mostly a bad one to write, as the
// database may be what is away: lines wait in memory, those that say the same as one, and are
// written as soon as that works. They say what failed and not why: every key reads the system log,
// and the server's own log has the rest. Any thread.

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/loop.h"
#include "http/router.h"
#include "outreach/system_log.h"
#include "store/store.h"

namespace parley::outreach {

class TroubleLog {
 public:
  /// The store outlives it.
  explicit TroubleLog(store::Store& store) : store_(store) {}

  /// The line waits; more than a hundred different ones are dropped.
  void note(LogLine line);

  /// Writes what waits. What the store throws leaves it waiting.
  void write();

  /// Begins to write by itself.
  void start();
  /// Ends that, once a write under way is done. Requires: nobody notes anything any more.
  void stop() { loop_.reset(); }

  /// `round`, whose exceptions are noted as the trouble of `name` and go on.
  std::function<bool()> watched(std::string name, Component component, std::function<bool()> round);

 private:
  struct Noted {
    LogLine line;
    Timestamp first{};
    std::int64_t times = 1;
  };

  std::vector<Noted> take();
  void give_back(std::vector<Noted> lines);

  store::Store& store_;
  std::mutex mutex_;
  std::vector<Noted> waiting_;
  std::optional<api::Loop> loop_;
};

/// `http::problem_response`, which also notes answers of 500 and more.
http::ProblemStyle noting_answer(TroubleLog& trouble);

}  // namespace parley::outreach
