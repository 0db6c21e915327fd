#include "leads/reply_jobs.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/overloaded.h"
#include "leads/rows.h"
#include "leads/wire.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;
using store::set;

/// How long a process that says nothing still holds its jobs.
constexpr std::chrono::seconds kLease{10};
constexpr std::chrono::seconds kRenewEvery{3};
constexpr std::chrono::seconds kPauseMax{300};
constexpr std::int64_t kClaimedAtOnce = 16;

/// Told to those who wait no longer.
const ReplyOutcome kPending{.reply = {}, .skip_reason = "reply_pending", .error = {}};

JobRow job_row(JobKind kind, std::int64_t session_id, Timestamp now) {
  return {.kind = word(kind),
          .session_id = session_id,
          .message_id = {},
          .state = word(JobState::Queued),
          .attempts = 0,
          .next_at = now,
          .last_error = {},
          .created_at = now};
}

/// The job as this process took it: whoever takes it later counts another attempt.
store::Condition<JobRow> is_still(const JobRow& job) {
  return all_of(equals<&JobRow::id>(job.id), equals<&JobRow::state>(word(JobState::Running)),
                equals<&JobRow::attempts>(job.attempts));
}

/// Takes one that is due, unless somebody was faster.
bool claim(store::Connection& connection, JobRow& job, Timestamp now) {
  const auto unclaimed = all_of(equals<&JobRow::id>(job.id), equals<&JobRow::state>(job.state),
                                equals<&JobRow::attempts>(job.attempts));
  job.state = word(JobState::Running);
  job.attempts += 1;
  job.next_at = now + kLease;
  return store::update(connection, unclaimed, set<&JobRow::state>(job.state),
                       set<&JobRow::attempts>(job.attempts),
                       set<&JobRow::next_at>(job.next_at)) == 1;
}

/// The pause before another attempt.
std::chrono::seconds pause_after(std::int64_t attempts) {
  const auto doubled = std::chrono::seconds(1LL << std::clamp<std::int64_t>(attempts, 0, 9));
  return std::min<std::chrono::seconds>(doubled, kPauseMax);
}

Json usage_json(const std::optional<ai::Usage>& usage) {
  if (!usage) return JsonObject{};
  return JsonObject{{"prompt_tokens", usage->prompt_tokens},
                    {"completion_tokens", usage->completion_tokens},
                    {"total_tokens", usage->total_tokens}};
}

Words words_of(const Question& question, const ai::Completion& completion) {
  return {.content = completion.content,
          .model_used = completion.model.empty() ? question.request.model : completion.model,
          .prompt_used = kept_prompt(question.request.messages.front().content),
          .response_time_ms = completion.response_time.count(),
          .token_usage = usage_json(completion.usage),
          .ai_error = {}};
}

Words stand_in(const Question& question, const Error& error) {
  Words words = question.answered ? offline_reply(question.lead, question.agent)
                                  : offline_greeting(question.lead, question.agent);
  words.ai_error = error.what();
  return words;
}

/// The end of a job whose session is locked: its message, or why there is none.
ReplyOutcome say(store::UnitOfWork& unit, const JobRow& job, AgentSessionRow& session,
                 const Question& question, const std::optional<Words>& words,
                 const std::string& error, Timestamp now) {
  const auto end_job = [&](const ReplyOutcome& outcome) {
    store::erase(unit.connection, equals<&JobRow::id>(job.id));
    return outcome;
  };
  if (session.session_status != word(SessionStatus::Active)) {
    return end_job({.reply = {}, .skip_reason = "session_" + session.session_status, .error = {}});
  }
  const bool is_greeting = !question.answered;
  if (is_greeting && has_greeting(unit.connection, session.id)) {
    return end_job({.reply = {}, .skip_reason = "greeted_already", .error = {}});
  }
  if (!words) {
    store::update(unit.connection, is_still(job), set<&JobRow::state>(word(JobState::Failed)),
                  set<&JobRow::last_error>(error));
    return {.reply = {}, .skip_reason = {}, .error = error};
  }
  MessageRow said = is_greeting
                        ? add_greeting(unit, session, question.lead, question.agent, *words, now)
                        : add_reply(unit, session, question.lead, question.agent,
                                    *question.answered, *words, now);
  return end_job({.reply = std::move(said), .skip_reason = {}, .error = {}});
}

}  // namespace

void queue_greeting(store::Connection& connection, const AgentSessionRow& session, Timestamp now) {
  const auto is_noted = all_of(equals<&JobRow::session_id>(session.id),
                               equals<&JobRow::kind>(word(JobKind::Greeting)));
  if (store::exists(connection, is_noted)) return;
  store::insert(connection, job_row(JobKind::Greeting, session.id, now));
}

JobRow claim_reply(store::Connection& connection, const MessageRow& message, Timestamp now) {
  JobRow job = job_row(JobKind::Reply, message.agent_session_id, now);
  job.message_id = message.id;
  job.state = word(JobState::Running);
  job.attempts = 1;
  job.next_at = now + kLease;
  job.id = store::insert(connection, job);
  return job;
}

ReplyJobs::ReplyJobs(store::Store& store, const Clock& clock,
                     std::shared_ptr<ai::LanguageModel> model, const ReplySettings& settings)
    : store_(store), clock_(clock), model_(std::move(model)), settings_(settings) {}

ReplyJobs::~ReplyJobs() { stop(); }

void ReplyJobs::start() {
  if (!model_ || loop_) return;
  started_at_ = store_.now();
  loop_ = std::make_unique<api::Loop>(
      "replies of leads", [this] { return look(); }, settings_.look_every);
}

void ReplyJobs::stop() {
  loop_.reset();
  std::vector<WorkPointer> under_way;
  std::deque<WorkPointer> unbegun;
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
    unbegun.swap(waiting_);
    for (const auto& [_, work] : running_) under_way.push_back(work);
  }
  for (const WorkPointer& work : unbegun) tell(*work, kPending);
  for (const WorkPointer& work : under_way) work->cancellation.cancel();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return running_.empty(); });
}

void ReplyJobs::wake() {
  if (loop_) loop_->wake();
}

void ReplyJobs::run(const JobRow& job, Done done) {
  const auto work = std::make_shared<Work>();
  work->job = job;
  work->done = std::move(done);
  work->waits_until = clock_.now() + settings_.wait;
  add(work);
}

void ReplyJobs::add(const WorkPointer& work) {
  std::vector<WorkPointer> ready;
  bool is_taken = false;
  {
    const std::scoped_lock lock(mutex_);
    is_taken = !is_stopping_;
    if (is_taken) waiting_.push_back(work);
    ready = take_ready();
  }
  // Once stopping, the lease runs out and another process goes on.
  if (!is_taken) tell(*work, kPending);
  for (const WorkPointer& each : ready) ask(each);
}

/// The oldest jobs that can be begun, now counted as running: those whose sessions are not being
/// worked on. Requires: the lock.
std::vector<ReplyJobs::WorkPointer> ReplyJobs::take_ready() {
  std::vector<WorkPointer> ready;
  auto next = waiting_.begin();
  while (next != waiting_.end() && running_.size() < settings_.at_once_max) {
    if (!busy_sessions_.insert((*next)->job.session_id).second) {
      ++next;
      continue;
    }
    running_.emplace((*next)->job.id, *next);
    ready.push_back(std::move(*next));
    next = waiting_.erase(next);
  }
  return ready;
}

/// Tells whoever waits, once.
void ReplyJobs::tell(Work& work, const ReplyOutcome& outcome) {
  Done done;
  {
    const std::scoped_lock lock(mutex_);
    std::swap(done, work.done);
  }
  if (done) done(outcome);
}

void ReplyJobs::ask(const WorkPointer& work) {
  const auto question = std::make_shared<std::optional<Question>>();
  store_.read(
      [this, work, question](store::Connection& connection) {
        question->reset();
        const JobRow& job = work->job;
        auto session = find_session(connection, job.session_id);
        if (!session) return;
        auto lead = find_lead(connection, session->lead_id);
        auto agent = find_agent(connection, session->agent_id);
        auto answered = job.message_id ? find_message(connection, *job.message_id) : std::nullopt;
        if (!lead || !agent || (job.message_id && !answered)) return;
        *question = question_of(connection, *std::move(session), *std::move(lead),
                                *std::move(agent), std::move(answered), settings_.model);
      },
      [this, work, question](const std::exception_ptr& error) {
        if (error)
          return postpone(work, "the question could not be read",
                          clock_.now() + pause_after(work->job.attempts));
        // The lead was deleted, and the job with it.
        if (!*question) return end(work);
        work->question = std::make_shared<const Question>(*std::move(*question));
        model_->ask(
            work->question->request, nullptr,
            [this, work](const ai::Outcome& answer) { finish(work, answer); }, work->cancellation);
      });
}

void ReplyJobs::finish(const WorkPointer& work, const ai::Outcome& answer) {
  // Stopped, not failed: the next process asks again.
  if (work->cancellation.is_cancelled()) return postpone(work, "stopped", clock_.now());
  std::optional<Words> words;
  std::string problem;
  std::visit(
      overloaded{
          [&](const ai::Completion& completion) { words = words_of(*work->question, completion); },
          [&](const Error& error) {
            problem = error.what();
            log::warning("A reply of session {} failed: {}", work->job.session_id, problem);
            if (settings_.fallback_on_error) words = stand_in(*work->question, error);
          }},
      answer);
  store_.write(
      [this, work, words, problem](store::UnitOfWork& unit) {
        work->outcome = {};
        auto session = lock_session(unit.connection, work->job.session_id);
        const bool is_ours = session && store::exists(unit.connection, is_still(work->job));
        if (!is_ours) {
          work->outcome.skip_reason = "answered_elsewhere";
          return;
        }
        work->outcome =
            say(unit, work->job, *session, *work->question, words, problem, store_.now());
      },
      [this, work](const std::exception_ptr& error) {
        if (error)
          return postpone(work, "the reply could not be stored",
                          clock_.now() + pause_after(work->job.attempts));
        end(work);
      });
}

/// Somebody takes the job up again, not before `until`.
void ReplyJobs::postpone(const WorkPointer& work, const std::string& problem, Timestamp until) {
  work->outcome = {.reply = {}, .skip_reason = {}, .error = problem};
  store_.write(
      [job = work->job, problem, until](store::UnitOfWork& unit) {
        store::update(unit.connection, is_still(job), set<&JobRow::state>(word(JobState::Queued)),
                      set<&JobRow::next_at>(until), set<&JobRow::last_error>(problem));
      },
      // When that fails as well, the lease runs out.
      [this, work](const std::exception_ptr&) { end(work); });
}

void ReplyJobs::end(const WorkPointer& work) {
  tell(*work, work->outcome);
  std::vector<WorkPointer> ready;
  {
    const std::scoped_lock lock(mutex_);
    busy_sessions_.erase(work->job.session_id);
    running_.erase(work->job.id);
    if (!is_stopping_) ready = take_ready();
    // Under the lock: whoever stops may destroy this as soon as nothing is running.
    changed_.notify_all();
  }
  for (const WorkPointer& each : ready) ask(each);
}

bool ReplyJobs::look() {
  answer_overdue();
  renew_leases();
  const std::vector<JobRow> claimed = claim_due();
  for (const JobRow& job : claimed) {
    const auto work = std::make_shared<Work>();
    work->job = job;
    add(work);
  }
  return static_cast<std::int64_t>(claimed.size()) == kClaimedAtOnce;
}

/// Lets go of those who have waited long enough.
void ReplyJobs::answer_overdue() {
  std::vector<WorkPointer> overdue;
  {
    const std::scoped_lock lock(mutex_);
    const Timestamp now = clock_.now();
    const auto look_at = [&](const WorkPointer& work) {
      if (work->done && work->waits_until <= now) overdue.push_back(work);
    };
    std::ranges::for_each(waiting_, look_at);
    for (const auto& [_, work] : running_) look_at(work);
  }
  for (const WorkPointer& work : overdue) tell(*work, kPending);
}

std::vector<std::int64_t> ReplyJobs::own_jobs() {
  const std::scoped_lock lock(mutex_);
  std::vector<std::int64_t> ids;
  for (const WorkPointer& work : waiting_) ids.push_back(work->job.id);
  for (const auto& [id, _] : running_) ids.push_back(id);
  return ids;
}

void ReplyJobs::renew_leases() {
  const Timestamp now = store_.now();
  if (now - renewed_at_ < kRenewEvery) return;
  renewed_at_ = now;
  const std::vector<std::int64_t> ids = own_jobs();
  if (ids.empty()) return;
  store_.write_and_wait([ids, now](store::UnitOfWork& unit) {
    store::update(unit.connection,
                  all_of(store::one_of<&JobRow::id>(std::span(ids)),
                         equals<&JobRow::state>(word(JobState::Running))),
                  set<&JobRow::next_at>(now + kLease));
  });
}

/// The jobs that nobody works on: their time has come. Where there is one process, as beside a
/// SQLite file, those of the one before this are nobody's from the start.
store::Condition<JobRow> ReplyJobs::is_abandoned(Timestamp now) {
  const auto is_due =
      all_of(store::one_of<&JobRow::state>({word(JobState::Queued), word(JobState::Running)}),
             store::less_or_equal<&JobRow::next_at>(now));
  const bool is_alone = store_.dialect().capabilities().one_writer;
  if (!std::exchange(is_first_look_, false) || !is_alone) return is_due;
  return any_of(is_due, all_of(equals<&JobRow::state>(word(JobState::Running)),
                               store::less<&JobRow::created_at>(started_at_)));
}

std::vector<JobRow> ReplyJobs::claim_due() {
  const Timestamp now = store_.now();
  const auto due = store::select<JobRow>()
                       .where(is_abandoned(now))
                       .order_by<&JobRow::id>()
                       .limit(kClaimedAtOnce);
  std::vector<JobRow> found;
  store_.read_and_wait([&](store::Connection& connection) { found = due.all(connection); });
  const std::vector<std::int64_t> own = own_jobs();
  std::erase_if(found, [&](const JobRow& job) { return std::ranges::count(own, job.id) > 0; });
  if (found.empty()) return {};
  std::vector<JobRow> claimed;
  store_.write_and_wait([&](store::UnitOfWork& unit) {
    claimed.clear();
    for (JobRow job : found) {
      if (claim(unit.connection, job, now)) claimed.push_back(std::move(job));
    }
  });
  return claimed;
}

}  // namespace parley::leads
