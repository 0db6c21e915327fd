#include "leads/takeover.h"

#include <fmt/format.h>

#include "leads/events.h"
#include "leads/problems.h"
#include "leads/rows.h"
#include "leads/stored_json.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;
using store::set;

constexpr std::string_view kTakeover = "takeover";
constexpr std::string_view kReason = "reason";
constexpr std::string_view kOwner = "business_owner_id";
constexpr std::string_view kTakenOverAt = "taken_over_at";
constexpr std::string_view kReleasedAt = "released_at";
constexpr std::string_view kLog = "log";

AgentSessionRow locked(store::UnitOfWork& unit, std::int64_t id) {
  auto session = lock_session(unit.connection, id);
  if (!session) throw session_not_found(id);
  return *std::move(session);
}

JsonObject takeover_in(const JsonObject& metadata) {
  const JsonObject* takeover = object_at(metadata, kTakeover);
  return takeover == nullptr ? JsonObject{} : *takeover;
}

/// Adds a line to the takeover's log.
void note(JsonObject& takeover, std::string_view action, const std::string& from,
          const std::string& to, Timestamp now) {
  Json& log = takeover[kLog];
  if (!log.is_array()) log = json::array{};
  log.get_array().push_back(
      JsonObject{{"action", action}, {"from", from}, {"to", to}, {"at", format_rfc3339(now)}});
}

/// Stores the new status and what the metadata now says of the takeover.
StatusChange change(store::UnitOfWork& unit, AgentSessionRow session, SessionStatus status,
                    std::string_view action, JsonObject takeover, Timestamp now) {
  const std::string before = session.session_status;
  session.session_status = word(status);
  session.updated_at = now;
  note(takeover, action, before, session.session_status, now);
  JsonObject metadata = object_in(session.session_metadata);
  metadata[kTakeover] = std::move(takeover);
  session.session_metadata = std::move(metadata);
  store::update(unit.connection, equals<&AgentSessionRow::id>(session.id),
                set<&AgentSessionRow::session_status>(session.session_status),
                set<&AgentSessionRow::session_metadata>(session.session_metadata),
                set<&AgentSessionRow::ended_at>(session.ended_at),
                set<&AgentSessionRow::updated_at>(session.updated_at));
  if (before != session.session_status) {
    unit.events.push_back(session_status_changed(session, before));
  }
  return {.session = std::move(session), .previous_status = before};
}

}  // namespace

StatusChange take_over(store::UnitOfWork& unit, std::int64_t session_id, const Takeover& takeover,
                       Timestamp now) {
  AgentSessionRow session = locked(unit, session_id);
  const auto live = lock_live_session(unit.connection, session.lead_id);
  if (live && live->id != session.id) {
    throw http::conflict(
        "other_session_live",
        fmt::format("Lead {} has a live session already (ID: {})", session.lead_id, live->id));
  }
  JsonObject noted = takeover_in(object_in(session.session_metadata));
  noted[kReason] = takeover.reason;
  noted[kOwner] = takeover.owner_id;
  noted[kTakenOverAt] = format_rfc3339(now);
  noted[kReleasedAt] = nullptr;
  session.ended_at.reset();
  return change(unit, std::move(session), SessionStatus::TakenOver, "takeover", std::move(noted),
                now);
}

StatusChange release(store::UnitOfWork& unit, std::int64_t session_id, Timestamp now) {
  AgentSessionRow session = locked(unit, session_id);
  if (session.session_status != word(SessionStatus::TakenOver)) {
    throw refused("not_taken_over", fmt::format("Session {} is not taken over (status: {})",
                                                session.id, session.session_status));
  }
  JsonObject noted = takeover_in(object_in(session.session_metadata));
  noted[kReleasedAt] = format_rfc3339(now);
  return change(unit, std::move(session), SessionStatus::Active, "release", std::move(noted), now);
}

TakeoverState takeover_of(const AgentSessionRow& session) {
  const JsonObject takeover = takeover_in(object_in(session.session_metadata));
  return {.reason = text_at(takeover, kReason),
          .taken_over_at = text_at(takeover, kTakenOverAt),
          .released_at = text_at(takeover, kReleasedAt)};
}

}  // namespace parley::leads
