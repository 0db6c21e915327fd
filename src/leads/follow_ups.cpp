#include "leads/follow_ups.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/text.h"
#include "leads/events.h"
#include "leads/figures.h"
#include "leads/stored_json.h"

namespace parley::leads {
namespace {

using store::equals;
using store::Order;
using store::set;

constexpr std::string_view kTimeBased = "time_based_trigger";
constexpr std::string_view kMinutes = "minutes";
constexpr std::int64_t kPositionMax = 1'000'000;
/// Ten years: what is later is a slip of the pen, and its time may not fit a column.
constexpr double kDelayMinutesMax = 10.0 * 366 * 24 * 60;

bool fits(const std::string& text, std::size_t characters_max) {
  return is_storable_text(text) && code_points(text) <= characters_max;
}

/// The minutes of one of the unit.
double minutes_in(std::string_view unit) {
  if (unit == "seconds") return 1.0 / 60;
  if (unit == "hours") return 60;
  if (unit == "days") return 24 * 60;
  return 1;
}

std::optional<double> delay_of(const JsonObject& trigger) {
  std::optional<double> minutes = number_at(trigger, "delay_minutes");
  if (!minutes) {
    minutes = number_at(trigger, "original_delay");
    if (minutes) *minutes *= minutes_in(text_at(trigger, "original_unit").value_or(""));
  }
  if (!minutes || std::abs(*minutes) > kDelayMinutesMax) return std::nullopt;
  return minutes;
}

Timestamp after(Timestamp now, double minutes) {
  const std::chrono::duration<double, std::ratio<60>> delay(minutes);
  return now + std::chrono::round<std::chrono::microseconds>(delay);
}

std::int64_t position_of(const JsonObject& step, std::size_t index) {
  const double position =
      number_at(step, "sequence_position").value_or(static_cast<double>(index) + 1);
  return static_cast<std::int64_t>(std::clamp(position, 0.0, double{kPositionMax}));
}

bool fits_columns(const FollowUpTaskRow& task) {
  return fits(task.workflow_step_id, 255) && fits(task.task_type, 100) &&
         fits(task.original_unit, 20) && is_storable_text(task.message_template.value_or(""));
}

/// The task of one step, but for what the session and its other steps say.
std::optional<FollowUpTaskRow> task_of(const Json& value, std::size_t index, Timestamp now) {
  const JsonObject* step = value.if_object();
  if (step == nullptr || text_at(*step, "type") != kTimeBased) return std::nullopt;
  const JsonObject* trigger = object_at(*step, "trigger");
  const JsonObject* action = object_at(*step, "action");
  if (trigger == nullptr || action == nullptr) return std::nullopt;
  if (text_at(*trigger, "event") != kNoResponse) return std::nullopt;
  const std::optional<double> delay = delay_of(*trigger);
  if (!delay) return std::nullopt;

  FollowUpTaskRow task{
      .workflow_step_id = text_at(*step, "id").value_or(fmt::format("step_{}", index + 1)),
      .task_type = text_at(*action, "template_type").value_or(std::string(kCancelledByReply[0])),
      .sequence_name = fmt::format("{}_sequence", kNoResponse),
      .sequence_position = position_of(*step, index),
      .trigger_event = std::string(kNoResponse),
      .delay_minutes = *delay,
      .original_delay = number_at(*trigger, "original_delay").value_or(*delay),
      .original_unit = text_at(*trigger, "original_unit").value_or(std::string(kMinutes)),
      .scheduled_at = after(now, *delay),
      .status = word(TaskStatus::Pending),
      .message_template = text_at(*action, "template"),
      .template_type = text_at(*action, "template_type"),
      .trigger_context = Json(*trigger),
      .execution_metadata = JsonObject{},
      .conditions = JsonObject{},
      .max_retries = 3,
      .created_at = now,
      .updated_at = now};
  return fits_columns(task) ? std::optional(std::move(task)) : std::nullopt;
}

store::Condition<FollowUpTaskRow> in_session(std::int64_t session_id) {
  return equals<&FollowUpTaskRow::agent_session_id>(session_id);
}

}  // namespace

std::vector<FollowUpTaskRow> follow_ups_of(const AgentRow& agent, const AgentSessionRow& session,
                                           Timestamp now) {
  std::vector<FollowUpTaskRow> tasks;
  const json::array steps = list_in(agent.workflow_steps);
  for (std::size_t index = 0; index < steps.size(); ++index) {
    std::optional<FollowUpTaskRow> task = task_of(steps[index], index, now);
    if (!task) continue;
    task->agent_session_id = session.id;
    task->lead_id = session.lead_id;
    task->agent_id = agent.id;
    tasks.push_back(*std::move(task));
  }
  std::ranges::stable_sort(tasks, {}, &FollowUpTaskRow::sequence_position);
  for (FollowUpTaskRow& task : tasks) {
    task.total_sequence_steps = static_cast<std::int64_t>(tasks.size());
  }
  return tasks;
}

bool is_understood_step(const Json& step) { return task_of(step, 0, Timestamp{}).has_value(); }

std::vector<std::string> schedule_follow_ups(store::UnitOfWork& unit, const AgentRow& agent,
                                             const AgentSessionRow& session, Timestamp now) {
  std::vector<FollowUpTaskRow> tasks = follow_ups_of(agent, session, now);
  if (tasks.empty()) return {};
  const std::vector<std::int64_t> ids = store::insert_each(unit.connection, tasks);
  std::vector<std::string> sequences;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    tasks[i].id = ids[i];
    unit.events.push_back(follow_up_scheduled(tasks[i]));
    if (std::ranges::find(sequences, *tasks[i].sequence_name) == sequences.end()) {
      sequences.push_back(*tasks[i].sequence_name);
    }
  }
  return sequences;
}

std::int64_t cancel_follow_ups(store::UnitOfWork& unit, std::int64_t session_id,
                               std::span<const std::string_view> types, const std::string& reason,
                               Timestamp now) {
  std::vector<store::Condition<FollowUpTaskRow>> conditions{
      in_session(session_id), equals<&FollowUpTaskRow::status>(word(TaskStatus::Pending))};
  if (!types.empty()) {
    const std::vector<std::string> wanted(types.begin(), types.end());
    conditions.push_back(store::one_of<&FollowUpTaskRow::task_type>(wanted));
  }
  std::vector<FollowUpTaskRow> tasks = store::select<FollowUpTaskRow>()
                                           .where(all_of(conditions))
                                           .order_by<&FollowUpTaskRow::id>()
                                           .for_update()
                                           .all(unit.connection);
  if (tasks.empty()) return 0;
  std::vector<std::int64_t> ids;
  for (FollowUpTaskRow& task : tasks) {
    ids.push_back(task.id);
    task.status = word(TaskStatus::Cancelled);
    task.failure_reason = reason;
    task.updated_at = now;
    unit.events.push_back(follow_up_cancelled(task));
  }
  store::update(unit.connection, store::one_of<&FollowUpTaskRow::id>(ids),
                set<&FollowUpTaskRow::status>(word(TaskStatus::Cancelled)),
                set<&FollowUpTaskRow::failure_reason>(reason),
                set<&FollowUpTaskRow::updated_at>(now));
  return static_cast<std::int64_t>(tasks.size());
}

std::int64_t cancel_on_reply(store::UnitOfWork& unit, std::int64_t session_id, Timestamp now) {
  return cancel_follow_ups(unit, session_id, kCancelledByReply, "lead_responded", now);
}

std::vector<FollowUpTaskRow> follow_ups_in(database::Connection& connection,
                                           std::int64_t session_id) {
  return store::select<FollowUpTaskRow>()
      .where(in_session(session_id))
      .order_by_nulls_last<&FollowUpTaskRow::sequence_position>()
      .order_by<&FollowUpTaskRow::id>()
      .all(connection);
}

std::vector<FollowUpTaskRow> newest_follow_ups(database::Connection& connection,
                                               std::optional<TaskStatus> status,
                                               std::int64_t count_max) {
  const store::Condition<FollowUpTaskRow> condition =
      status ? equals<&FollowUpTaskRow::status>(word(*status))
             : store::Condition<FollowUpTaskRow>();
  return store::select<FollowUpTaskRow>()
      .where(condition)
      .order_by<&FollowUpTaskRow::id>(Order::Descending)
      .limit(count_max)
      .all(connection);
}

double FollowUpFigures::success_rate() const { return percentage(executed, executed + failed); }

FollowUpFigures follow_up_figures(database::Connection& connection, Timestamp since) {
  FollowUpFigures figures;
  for (const auto& [status, tasks] : store::count_by<&FollowUpTaskRow::status>(
           connection, store::greater_or_equal<&FollowUpTaskRow::created_at>(since))) {
    figures.total += tasks;
    switch (parse_word<TaskStatus>(status).value_or(TaskStatus::Pending)) {
      case TaskStatus::Pending: figures.pending += tasks; break;
      case TaskStatus::Executed: figures.executed += tasks; break;
      case TaskStatus::Failed: figures.failed += tasks; break;
      case TaskStatus::Cancelled:
      case TaskStatus::Skipped: figures.cancelled += tasks; break;
    }
  }
  return figures;
}

}  // namespace parley::leads
