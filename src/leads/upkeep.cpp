#include "leads/upkeep.h"

#include "leads/follow_up_run.h"
#include "leads/session_life.h"

namespace parley::leads {
namespace {

/// Sessions that one write times out, so that others need not wait long for theirs.
constexpr std::int64_t kTimeOutsPerWrite = 100;

bool run_follow_ups(store::Store& store) {
  const FollowUpRound round = run_due_and_wait(store);
  return static_cast<std::int64_t>(round.tasks.size()) == kFollowUpsPerRound;
}

bool time_out_some(store::Store& store) {
  std::int64_t ended = 0;
  store.write_and_wait([&](store::UnitOfWork& unit) {
    ended = time_out_idle_sessions(unit, kTimeOutsPerWrite, store.now());
  });
  return ended == kTimeOutsPerWrite;
}

}  // namespace

void Upkeep::start() {
  if (settings_.follow_ups_every.count() > 0) {
    follow_ups_ = std::make_unique<api::Loop>(
        "follow-ups", [&store = store_] { return run_follow_ups(store); },
        settings_.follow_ups_every);
  }
  if (settings_.timeout_sweep_every.count() > 0) {
    time_outs_ = std::make_unique<api::Loop>(
        "time-outs of sessions", [&store = store_] { return time_out_some(store); },
        settings_.timeout_sweep_every);
  }
}

void Upkeep::stop() {
  follow_ups_.reset();
  time_outs_.reset();
}

}  // namespace parley::leads
