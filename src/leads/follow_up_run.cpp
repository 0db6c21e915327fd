#include "leads/follow_up_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>

#include "ai/prompt_template.h"
#include "base/text.h"
#include "http/message.h"
#include "leads/conversation.h"
#include "leads/events.h"
#include "leads/follow_ups.h"
#include "leads/queries.h"
#include "leads/replies.h"
#include "leads/rows.h"
#include "leads/stored_json.h"
#include "leads/variables.h"

namespace parley::leads {
namespace {

using store::equals;
using store::less_or_equal;
using store::set;
using Outcome = FollowUpResult::Outcome;

store::Condition<FollowUpTaskRow> is_due(Timestamp now) {
  return all_of(equals<&FollowUpTaskRow::status>(word(TaskStatus::Pending)),
                less_or_equal<&FollowUpTaskRow::scheduled_at>(now),
                any_of(store::is_null<&FollowUpTaskRow::next_retry_at>(),
                       less_or_equal<&FollowUpTaskRow::next_retry_at>(now)));
}

/// The task, locked, when it is due still.
std::optional<FollowUpTaskRow> lock_due(store::UnitOfWork& unit, std::int64_t id, Timestamp now) {
  return store::select<FollowUpTaskRow>()
      .where(all_of(equals<&FollowUpTaskRow::id>(id), is_due(now)))
      .for_update()
      .first(unit.connection);
}

FollowUpResult result_of(const FollowUpTaskRow& task, Outcome outcome, std::string reason = {}) {
  FollowUpResult result{
      .task_id = task.id, .outcome = outcome, .reason = std::move(reason), .sequence_progress = {}};
  if (task.sequence_position && task.total_sequence_steps) {
    result.sequence_progress =
        fmt::format("{}/{}", *task.sequence_position, *task.total_sequence_steps);
  }
  return result;
}

/// Stores what became of the task.
void store_task(store::UnitOfWork& unit, const FollowUpTaskRow& task) {
  store::update(unit.connection, equals<&FollowUpTaskRow::id>(task.id),
                set<&FollowUpTaskRow::status>(task.status),
                set<&FollowUpTaskRow::executed_at>(task.executed_at),
                set<&FollowUpTaskRow::failure_reason>(task.failure_reason),
                set<&FollowUpTaskRow::generated_message_id>(task.generated_message_id),
                set<&FollowUpTaskRow::execution_metadata>(task.execution_metadata),
                set<&FollowUpTaskRow::retry_count>(task.retry_count),
                set<&FollowUpTaskRow::next_retry_at>(task.next_retry_at),
                set<&FollowUpTaskRow::updated_at>(task.updated_at));
}

FollowUpResult cancel(store::UnitOfWork& unit, FollowUpTaskRow task, const std::string& reason,
                      Timestamp now) {
  task.status = word(TaskStatus::Cancelled);
  task.failure_reason = reason;
  task.updated_at = now;
  store_task(unit, task);
  unit.events.push_back(follow_up_cancelled(task));
  return result_of(task, Outcome::Skipped, reason);
}

FollowUpResult fail(store::UnitOfWork& unit, FollowUpTaskRow task, const std::string& reason,
                    Timestamp now) {
  const bool is_last = task.retry_count >= task.max_retries;
  if (is_last) {
    task.status = word(TaskStatus::Failed);
    task.next_retry_at.reset();
  } else {
    task.retry_count += 1;
    task.next_retry_at = now + kFollowUpRetry;
  }
  task.failure_reason = reason;
  task.updated_at = now;
  store_task(unit, task);
  return result_of(task, Outcome::Failed, reason);
}

bool lead_has_answered(store::UnitOfWork& unit, const FollowUpTaskRow& task) {
  if (!task.task_type.starts_with(kNoResponse) || !task.created_at) return false;
  return store::exists(unit.connection,
                       all_of(equals<&MessageRow::agent_session_id>(task.agent_session_id),
                              equals<&MessageRow::sender_type>(word(SenderType::Lead)),
                              store::greater<&MessageRow::created_at>(*task.created_at)));
}

/// Why a task that another one was to precede is not wanted; empty when that one was carried out.
std::string reason_of_dependency(store::UnitOfWork& unit, const FollowUpTaskRow& task) {
  if (!task.depends_on_task_id) return {};
  const auto needed = store::select<FollowUpTaskRow>()
                          .where(equals<&FollowUpTaskRow::id>(*task.depends_on_task_id))
                          .first(unit.connection);
  if (!needed || needed->status == word(TaskStatus::Executed)) return {};
  return "needed_task_" + needed->status;
}

/// Why the message is not wanted any more; empty when it is.
std::string reason_against(store::UnitOfWork& unit, const FollowUpTaskRow& task,
                           const std::optional<AgentSessionRow>& session) {
  if (!session) return "session_missing";
  if (session->session_status != word(SessionStatus::Active)) {
    return "session_" + session->session_status;
  }
  if (lead_has_answered(unit, task)) return "lead_responded";
  return reason_of_dependency(unit, task);
}

Words words_of(const std::string& content) {
  return {.content = content,
          .model_used = "fallback",
          .prompt_used = "follow_up_template",
          .ai_error = {}};
}

JsonObject metadata_of(const FollowUpTaskRow& task) {
  JsonObject metadata{{"is_follow_up", true}, {"message_type", "follow_up"}, {"task_id", task.id}};
  metadata["template_type"] =
      task.template_type ? Json(json::string(*task.template_type)) : Json(nullptr);
  metadata["sequence_position"] =
      task.sequence_position ? Json(*task.sequence_position) : Json(nullptr);
  return metadata;
}

/// How far the session's sequences have come.
void note_progress(store::UnitOfWork& unit, const AgentSessionRow& session,
                   const FollowUpTaskRow& task, Timestamp now) {
  JsonObject state = object_in(session.follow_up_sequence_state);
  if (task.sequence_name && task.sequence_position) {
    state[*task.sequence_name] = JsonObject{{"position", *task.sequence_position},
                                            {"total", task.total_sequence_steps.value_or(1)},
                                            {"executed_at", format_rfc3339(now)}};
  }
  store::update(unit.connection, equals<&AgentSessionRow::id>(session.id),
                set<&AgentSessionRow::last_follow_up_trigger>(now),
                set<&AgentSessionRow::follow_up_sequence_state>(Json(state)),
                set<&AgentSessionRow::updated_at>(now));
}

FollowUpResult send(store::UnitOfWork& unit, FollowUpTaskRow task, AgentSessionRow session,
                    const LeadRow& lead, const AgentRow& agent, Timestamp now) {
  const std::string content =
      ai::fill(task.message_template.value_or(""), variables_of(lead, agent, session)).text;
  if (!has_visible_character(content)) {
    return fail(unit, std::move(task), "the step has no message template", now);
  }
  if (code_points(content) > kMessageCharactersMax) {
    return fail(unit, std::move(task), "the message would be too long", now);
  }
  const MessageRow message =
      add_words(unit, session, lead, agent, words_of(content), metadata_of(task), now);
  note_progress(unit, session, task, now);
  task.status = word(TaskStatus::Executed);
  task.executed_at = now;
  task.generated_message_id = message.id;
  task.execution_metadata = JsonObject{{"message_id", message.id}};
  task.failure_reason.reset();
  task.next_retry_at.reset();
  task.updated_at = now;
  store_task(unit, task);
  unit.events.push_back(follow_up_executed(task));
  FollowUpResult result = result_of(task, Outcome::Executed);
  result.message_id = message.id;
  return result;
}

/// The writes of one round. Kept by the last of them.
class Round : public std::enable_shared_from_this<Round> {
 public:
  Round(store::Store& store, RoundDone done) : store_(store), done_(std::move(done)) {}

  void start() {
    store_.read(
        [self = shared_from_this()](database::Connection& connection) {
          self->ids_ = due_follow_ups(connection, self->store_.now(), kFollowUpsPerRound);
        },
        [self = shared_from_this()](std::exception_ptr error) {
          if (error) return self->done_(error, {});
          self->carry_out_all();
        });
  }

 private:
  using Try = std::function<std::optional<FollowUpResult>(store::UnitOfWork&)>;

  void carry_out_all() {
    results_.resize(ids_.size());
    left_ = ids_.size();
    if (ids_.empty()) return done_(nullptr, {});
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      write(
          i,
          [id = ids_[i], &store = store_](store::UnitOfWork& unit) {
            return carry_out(unit, id, store.now());
          },
          [self = shared_from_this(), i](std::exception_ptr error) {
            error ? self->note(i, error) : self->finish_one();
          });
    }
  }

  void note(std::size_t i, const std::exception_ptr& error) {
    const std::string reason = http::problem_of(error).detail;
    write(
        i,
        [id = ids_[i], reason, &store = store_](store::UnitOfWork& unit) {
          return note_failure(unit, id, reason, store.now());
        },
        // What cannot be noted either is due again in the next round.
        [self = shared_from_this()](std::exception_ptr) { self->finish_one(); });
  }

  void write(std::size_t i, Try attempt, store::Done done) {
    store_.write([&result = results_[i], attempt = std::move(attempt)](
                     store::UnitOfWork& unit) { result = attempt(unit); },
                 std::move(done));
  }

  void finish_one() {
    if (--left_ > 0) return;
    FollowUpRound round;
    for (auto& result : results_) {
      if (result) round.tasks.push_back(*std::move(result));
    }
    done_(nullptr, std::move(round));
  }

  store::Store& store_;
  const RoundDone done_;
  std::vector<std::int64_t> ids_;
  std::vector<std::optional<FollowUpResult>> results_;
  std::atomic<std::size_t> left_ = 0;
};

}  // namespace

std::int64_t FollowUpRound::count(FollowUpResult::Outcome outcome) const {
  return std::ranges::count(tasks, outcome, &FollowUpResult::outcome);
}

std::vector<std::int64_t> due_follow_ups(database::Connection& connection, Timestamp now,
                                         std::int64_t count_max) {
  std::vector<std::int64_t> ids;
  for (const FollowUpTaskRow& task : store::select<FollowUpTaskRow>()
                                         .where(all_of(is_due(now), waits_for_no_other()))
                                         .order_by<&FollowUpTaskRow::scheduled_at>()
                                         .order_by<&FollowUpTaskRow::id>()
                                         .limit(count_max)
                                         .all(connection)) {
    ids.push_back(task.id);
  }
  return ids;
}

std::optional<FollowUpResult> carry_out(store::UnitOfWork& unit, std::int64_t task_id,
                                        Timestamp now) {
  const auto found = store::select<FollowUpTaskRow>()
                         .where(equals<&FollowUpTaskRow::id>(task_id))
                         .first(unit.connection);
  if (!found) return std::nullopt;
  // The lead and its session first, as everybody locks them.
  const std::optional<LeadRow> lead = lock_lead(unit.connection, found->lead_id);
  std::optional<AgentSessionRow> session = lock_session(unit.connection, found->agent_session_id);
  std::optional<FollowUpTaskRow> task = lock_due(unit, task_id, now);
  if (!task) return std::nullopt;
  if (std::string reason = reason_against(unit, *task, session); !reason.empty()) {
    return cancel(unit, *std::move(task), reason, now);
  }
  const std::optional<AgentRow> agent = find_agent(unit.connection, task->agent_id);
  if (!lead || !agent) return fail(unit, *std::move(task), "the lead or the agent is gone", now);
  return send(unit, *std::move(task), *std::move(session), *lead, *agent, now);
}

std::optional<FollowUpResult> note_failure(store::UnitOfWork& unit, std::int64_t task_id,
                                           const std::string& reason, Timestamp now) {
  std::optional<FollowUpTaskRow> task = lock_due(unit, task_id, now);
  if (!task) return std::nullopt;
  return fail(unit, *std::move(task), reason, now);
}

void run_due(store::Store& store, RoundDone done) {
  std::make_shared<Round>(store, std::move(done))->start();
}

FollowUpRound run_due_and_wait(store::Store& store) {
  std::promise<FollowUpRound> promise;
  run_due(store, [&promise](std::exception_ptr error, FollowUpRound round) {
    error ? promise.set_exception(error) : promise.set_value(std::move(round));
  });
  return promise.get_future().get();
}

}  // namespace parley::leads
