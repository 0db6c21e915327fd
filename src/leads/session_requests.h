#pragma once

// What the routes of sessions, follow-ups and workflows read from their requests, as values for the
// services. Every function throws the 422 problem that names all wrong fields. Pure functions; any
// thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "http/message.h"
#include "leads/session_records.h"

namespace parley::leads {

inline constexpr std::int64_t kSessionsPerPage = 10;
inline constexpr std::int64_t kLeadsPerPage = 20;  ///< Of agents as well.
inline constexpr std::int64_t kPerPageMax = 100;
inline constexpr std::int64_t kTimeoutHoursMax = 24 * 366 * 10;
inline constexpr std::int64_t kTasksPerPage = 50;
inline constexpr std::int64_t kTasksPerPageMax = 500;
inline constexpr std::int64_t kDaysBack = 7;
inline constexpr std::int64_t kDaysBackMax = 3650;

/// The number at `{name}` of the path.
std::int64_t number_in_path(const http::Request& request, std::string_view name = "id");

NewSession read_new_session(const http::Request& request);
SessionFilter read_session_filter(const http::Request& request);
SessionChange read_session_change(const http::Request& request);
/// Who a counted message is from: the agent, unless `from_agent` is false. No body is as good.
SenderType read_counted_sender(const http::Request& request);

struct EndOfSession {
  std::optional<std::string> reason;
  std::optional<std::string> escalated_to;
};
EndOfSession read_end(const http::Request& request);

struct EventRequest {
  std::string event_type;
  std::int64_t lead_id = 0;
  JsonObject data;
};
/// `{event_type, lead_id, event_data}`.
EventRequest read_event(const http::Request& request);
/// `{lead_id, …}`, everything else being the data of an event of that type.
EventRequest read_event_of(const http::Request& request, TriggerType type);

struct TriggerTrial {
  std::int64_t agent_id = 0;
  std::string event_type;
  std::optional<std::string> source;
};
TriggerTrial read_trigger_trial(const http::Request& request);

/// The source of the lead that an event's data names, if any.
std::optional<std::string> source_in(const JsonObject& event_data);

struct CancelRequest {
  std::vector<std::string> types;  ///< Empty: all.
  std::string reason;
};
CancelRequest read_cancel(const http::Request& request);

struct TaskListRequest {
  std::optional<TaskStatus> status;
  std::int64_t limit = kTasksPerPage;
};
TaskListRequest read_task_list(const http::Request& request);
std::int64_t read_days_back(const http::Request& request);
std::int64_t read_limit(const http::Request& request, std::int64_t otherwise);

}  // namespace parley::leads
