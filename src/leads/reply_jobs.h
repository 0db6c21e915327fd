#pragma once

// The replies and greetings that a model writes, as jobs: a row of `jobs` that is committed with
// what caused it, so that neither the end of the caller nor that of this process loses one. A
// process that works on a job holds it by a lease, which it renews; when it has died, another one,
// or the next, goes on. The message and the end of its job are one transaction, which only the
// holder can do, so that there is one reply whatever happens. The jobs of one session are worked on
// one after the other. Any thread.

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ai/language_model.h"
#include "api/loop.h"
#include "base/clock.h"
#include "leads/questions.h"
#include "leads/replies.h"
#include "leads/settings.h"
#include "leads/tables.h"
#include "store/query.h"
#include "store/store.h"

namespace parley::leads {

/// Notes that the session is to be greeted, unless that is noted. Part of a write.
void queue_greeting(store::Connection& connection, const AgentSessionRow& session, Timestamp now);

/// Notes that `message` is to be answered, for this process, which runs it after the commit. Part
/// of a write.
JobRow claim_reply(store::Connection& connection, const MessageRow& message, Timestamp now);

/// What became of a job.
struct ReplyOutcome {
  std::optional<MessageRow> reply;
  std::string skip_reason;  ///< Why there is none, when it was not wanted any more.
  std::string error;        ///< Why there is none, when it failed.
};

class ReplyJobs {
 public:
  using Done = std::function<void(const ReplyOutcome&)>;

  /// Without a model there are no jobs. Everything outlives the jobs.
  ReplyJobs(store::Store& store, const Clock& clock, std::shared_ptr<ai::LanguageModel> model,
            const ReplySettings& settings);
  /// Stops.
  ~ReplyJobs();
  ReplyJobs(const ReplyJobs&) = delete;
  ReplyJobs& operator=(const ReplyJobs&) = delete;

  Responding responding() const { return model_ ? Responding::ByModel : Responding::Offline; }

  /// Begins to look for jobs that nobody works on.
  void start();
  /// Gives back what is under way, and waits for that.
  void stop();

  /// A greeting may have been noted.
  void wake();

  /// Works on a job of this process. `done` is called once, at the latest when the settings' time
  /// to wait is over, and then with an outcome that says nothing; the job goes on.
  void run(const JobRow& job, Done done);

  /// Looks for jobs that are due and nobody's, begins them, and renews the leases of its own: what
  /// the jobs' thread does in a round. True when there may be more.
  bool look();

 private:
  /// A job of this process, from its beginning to its end.
  struct Work {
    JobRow job;
    Done done;                ///< Empty: nobody waits, or not any more.
    Timestamp waits_until{};  ///< For `done`.
    Cancellation cancellation;
    std::shared_ptr<const Question> question;
    ReplyOutcome outcome;
  };
  using WorkPointer = std::shared_ptr<Work>;

  void add(const WorkPointer& work);
  std::vector<WorkPointer> take_ready();
  void ask(const WorkPointer& work);
  void finish(const WorkPointer& work, const ai::Outcome& answer);
  void postpone(const WorkPointer& work, const std::string& problem, Timestamp until);
  void end(const WorkPointer& work);
  void tell(Work& work, const ReplyOutcome& outcome);

  void answer_overdue();
  std::vector<std::int64_t> own_jobs();
  void renew_leases();
  store::Condition<JobRow> is_abandoned(Timestamp now);
  std::vector<JobRow> claim_due();

  store::Store& store_;
  const Clock& clock_;
  const std::shared_ptr<ai::LanguageModel> model_;
  const ReplySettings settings_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<WorkPointer> waiting_;
  std::map<std::int64_t, WorkPointer> running_;  ///< By job.
  std::set<std::int64_t> busy_sessions_;
  Timestamp started_at_{};
  Timestamp renewed_at_{};
  bool is_first_look_ = true;
  bool is_stopping_ = false;
  std::unique_ptr<api::Loop> loop_;
};

}  // namespace parley::leads
