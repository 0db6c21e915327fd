#include "chat/runner.h"

#include "base/check.h"
#include "base/error.h"
#include "base/ids.h"
#include "base/log.h"
#include "chat/agent_config.h"
#include "chat/events.h"
#include "chat/problems.h"

namespace parley::chat {
namespace {

constexpr std::string_view kTooLate = "the time for an answer has passed";
constexpr std::chrono::seconds kPauseAfterTrouble{5};

/// Of an answer that will be given later, or by somebody else.
http::Problem interrupted() {
  return {.status = 503,
          .code = "answer_delayed",
          .detail = "The answer is delayed; the question is kept and will be answered",
          .errors = {},
          .headers = {{"Retry-After", "1"}}};
}

JsonObject piece_json(const RunRow& run, std::string_view piece) {
  return {{"chat_id", run.chat_id},
          {"question_id", run.question_id},
          {"message_id", run.id},
          {"text", piece}};
}

}  // namespace

Runner::Runner(const Settings& settings, store::Store& store, const Clock& clock,
               Answerer& answerer, api::EventFeed& feed)
    : settings_(settings),
      store_(store),
      clock_(clock),
      answerer_(answerer),
      feed_(feed),
      node_(make_uuid()) {}

Runner::~Runner() { stop(); }

void Runner::start() {
  PARLEY_CHECK(!loop_);
  const int threads = settings_.runs.threads;
  threads_ = std::make_unique<http::WorkerThreads>(threads, static_cast<std::size_t>(threads));
  loop_ = std::make_unique<api::Loop>(
      "chat answers", [this] { return round(); }, settings_.runs.look_every);
}

void Runner::stop() {
  if (!loop_) return;
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, settings_.runs.patience, [this] { return running_.empty(); });
  }
  cancellation_.cancel();
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
  }
  loop_.reset();
  threads_.reset();
  for (const std::string& id : answers_.stored()) answers_.end(id, interrupted());
}

void Runner::wake() {
  const std::scoped_lock lock(mutex_);
  if (loop_ && !is_stopping_) loop_->wake();
}

std::set<std::string> Runner::running() const {
  const std::scoped_lock lock(mutex_);
  return running_;
}

bool Runner::round() {
  if (cancellation_.is_cancelled()) return false;
  hold_on();
  settle_others();
  return take();
}

/// Tells the other nodes that this one is alive.
void Runner::hold_on() {
  const Timestamp now = clock_.now();
  const std::set<std::string> own = running();
  if (now < next_hold_ || own.empty()) return;
  store_.write_and_wait([&](store::UnitOfWork& unit) {
    hold_runs(unit.connection, node_, {own.begin(), own.end()}, now + settings_.runs.hold);
  });
  next_hold_ = now + settings_.runs.hold / 3;
}

/// Ends the answers that somebody waits for here and that another node has given.
void Runner::settle_others() {
  const std::set<std::string> own = running();
  for (const std::string& id : answers_.stored()) {
    if (own.contains(id)) continue;
    std::optional<JsonObject> told;
    bool is_open = false;
    store_.read_and_wait([&](database::Connection& connection) {
      is_open = is_under_way(connection, id);
      if (!is_open) told = stored_answer(connection, id);
    });
    if (is_open) continue;
    told ? answers_.end(id, *std::move(told)) : answers_.end(id, chat_not_found());
  }
}

bool Runner::take() {
  const std::size_t busy = running().size();
  const auto threads = static_cast<std::size_t>(settings_.runs.threads);
  if (busy >= threads) return false;
  const Timestamp now = clock_.now();
  bool is_worth_it = false;
  store_.read_and_wait(
      [&](database::Connection& connection) { is_worth_it = has_free_runs(connection, now); });
  if (!is_worth_it) return false;
  std::vector<RunRow> taken;
  store_.write_and_wait([&](store::UnitOfWork& unit) {
    taken = take_runs(unit, node_, threads - busy, now + settings_.runs.hold, now);
  });
  for (const RunRow& run : taken) {
    {
      const std::scoped_lock lock(mutex_);
      running_.insert(run.id);
    }
    answers_.of(run.id)->mark_stored();
    const bool is_accepted = threads_->submit([this, run] { work(run); });
    PARLEY_CHECK(is_accepted);
  }
  return !taken.empty();
}

void Runner::work(const RunRow& run) {
  try {
    answer(run);
  } catch (const std::exception& error) {
    log::error("The answer to question {} is delayed: {}", run.question_id, error.what());
    leave(run, kPauseAfterTrouble);
  }
  {
    const std::scoped_lock lock(mutex_);
    running_.erase(run.id);
  }
  changed_.notify_all();
  wake();
}

void Runner::answer(const RunRow& run) {
  const std::shared_ptr<LiveAnswer> live = answers_.of(run.id);
  std::optional<Work> work;
  store_.read_and_wait([&](database::Connection& connection) {
    work = work_of(connection, run, settings_.history_messages);
  });
  if (!work) {
    store_.write_and_wait([&](store::UnitOfWork& unit) { drop_run(unit.connection, run); });
    return answers_.end(run.id, chat_not_found());
  }
  const Answer answer = answer_to(run, *work, *live);
  if (cancellation_.is_cancelled() && answer.action == Action::Error) {
    return leave(run, std::chrono::seconds(0));
  }
  std::optional<JsonObject> told;
  store_.write_and_wait(
      [&](store::UnitOfWork& unit) { told = finish_run(unit, run, node_, answer, clock_.now()); });
  // Nothing: the chat has gone, or another node was quicker, whose answer is found in a round.
  if (told) answers_.end(run.id, *std::move(told));
}

Answer Runner::answer_to(const RunRow& run, const Work& work, LiveAnswer& live) {
  const auto on_piece = [&](std::string_view piece) {
    live.add(piece);
    feed_.tell_transient("ai.delta", run.chat_id, audience_of(work.chat), piece_json(run, piece));
  };
  std::optional<std::string> problem;
  if (clock_.now() >= run.give_up_at) {
    problem = kTooLate;
  } else {
    problem = config_problem(work.asked.agent.connection_type, work.asked.agent.connection_config);
  }
  if (!problem) return answerer_.answer(work.asked, on_piece, cancellation_);
  Answer answer = error_answer(*problem);
  on_piece(answer.content);
  return answer;
}

/// Lets somebody else, or this process later, answer.
void Runner::leave(const RunRow& run, std::chrono::seconds pause) {
  try {
    const Timestamp free_from = clock_.now() + pause;
    store_.write_and_wait(
        [&](store::UnitOfWork& unit) { release_run(unit.connection, run, node_, free_from); });
  } catch (const std::exception& error) {
    log::warning("Run {} is held until its time has passed: {}", run.id, error.what());
  }
  answers_.end(run.id, interrupted());
}

}  // namespace parley::chat
