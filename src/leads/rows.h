#pragma once

// Finding rows, and locking them for a change. Who changes a conversation locks its lead first and
// then the session, so that what happens to one lead happens one after the other, on every node;
// agents come last. The connection's thread; for-update functions require a write transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "leads/tables.h"
#include "leads/vocabulary.h"
#include "store/connection.h"
#include "store/query.h"

namespace parley::leads {

std::optional<LeadRow> find_lead(store::Connection& connection, std::int64_t id);
/// The one of that external id; the oldest, should there be several.
std::optional<LeadRow> find_lead_of(store::Connection& connection, const std::string& external_id);
std::optional<AgentRow> find_agent(store::Connection& connection, std::int64_t id);
std::optional<AgentSessionRow> find_session(store::Connection& connection, std::int64_t id);
std::optional<MessageRow> find_message(store::Connection& connection, std::int64_t id);

/// Locked; nothing when there is none.
std::optional<LeadRow> lock_lead(store::Connection& connection, std::int64_t id);
std::optional<AgentRow> lock_agent(store::Connection& connection, std::int64_t id);
/// The session, locked after its lead.
std::optional<AgentSessionRow> lock_session(store::Connection& connection, std::int64_t id);
std::optional<MessageRow> lock_message(store::Connection& connection, std::int64_t id);

/// A session in which the lead can be talked to: active, or taken over by a person. A lead has at
/// most one.
store::Condition<AgentSessionRow> is_live();
bool is_live(const AgentSessionRow& session);
std::optional<AgentSessionRow> live_session(store::Connection& connection, std::int64_t lead_id);
/// The same, locked. Requires: the lead is locked.
std::optional<AgentSessionRow> lock_live_session(store::Connection& connection,
                                                 std::int64_t lead_id);

/// Until the end of the transaction nobody else holds this name, on any node: for what must not
/// exist twice and has no unique key. `kind` keeps names apart: `lead.external_id`.
void hold_name(store::Connection& connection, std::string_view kind, std::string_view name);

}  // namespace parley::leads
