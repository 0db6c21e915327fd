#pragma once

// Works on the runs: takes them from the table, asks the answerer on threads of its own, and stores
// the answers, whether or not anybody still waits. Begins with what an earlier process left behind.
// Any thread may wake it and listen.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "api/event_feed.h"
#include "api/loop.h"
#include "base/cancellation.h"
#include "base/clock.h"
#include "chat/answerer.h"
#include "chat/live_answer.h"
#include "chat/runs.h"
#include "chat/settings.h"
#include "http/worker.h"
#include "store/store.h"

namespace parley::chat {

class Runner {
 public:
  /// Everything referred to outlives the runner. `feed` is told of the pieces of answers.
  Runner(const Settings& settings, store::Store& store, const Clock& clock, Answerer& answerer,
         api::EventFeed& feed);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void start();

  /// Gives what is under way the settings' patience to end; then it is cancelled and left for the
  /// next start.
  void stop();

  /// There is a new run.
  void wake();

  LiveAnswers& answers() { return answers_; }

 private:
  bool round();
  void hold_on();
  void settle_others();
  bool take();
  void work(const RunRow& run);
  void answer(const RunRow& run);
  Answer answer_to(const RunRow& run, const Work& work, LiveAnswer& live);
  void leave(const RunRow& run, std::chrono::seconds pause);
  std::set<std::string> running() const;

  const Settings& settings_;
  store::Store& store_;
  const Clock& clock_;
  Answerer& answerer_;
  api::EventFeed& feed_;
  const std::string node_;
  LiveAnswers answers_;
  Cancellation cancellation_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> running_;
  bool is_stopping_ = false;
  Timestamp next_hold_{};  ///< The loop's thread.
  std::unique_ptr<http::WorkerThreads> threads_;
  std::unique_ptr<api::Loop> loop_;
};

}  // namespace parley::chat
