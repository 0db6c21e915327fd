#pragma once

// What becomes of a message that comes in: from a lead, or from the owner of the business. It is
// stored exactly once, whatever else there is to do, in the session that is its lead's: the live
// one, one that held messages before, or a new one. Functions of a write transaction.

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "leads/replies.h"
#include "leads/tables.h"
#include "leads/vocabulary.h"
#include "store/unit_of_work.h"

namespace parley::leads {

/// Whose message it is.
enum class From { Lead, Owner };

struct Incoming {
  From from = From::Lead;
  std::string content;
  std::string message_type = "text";
  std::optional<std::string> conversation_id;
  std::optional<std::string> platform;
  JsonObject metadata;  ///< As received.
};

/// The message of `metadata`: from the owner when that says so.
From sender_in(const JsonObject& metadata);

struct Routed {
  RoutingDecision decision = RoutingDecision::ExistingSession;
  LeadRow lead;
  AgentSessionRow session;
  std::optional<AgentRow> agent;  ///< Nothing for the one that stands for nobody.
  MessageRow message;
  std::optional<MessageRow> reply;       ///< Written with it.
  std::optional<JobRow> job;             ///< Will write the reply.
  std::optional<MessageRow> escalation;  ///< What the lead is told when the session ends by it.
  std::string skip_reason;               ///< Why nobody answers, when nobody does.

  bool should_respond() const { return skip_reason.empty(); }
};

inline constexpr std::string_view kMaxMessagesReached = "max_message_count_reached";

/// Routes the message. Requires: `lead` is locked.
Routed route_message(store::UnitOfWork& unit, const LeadRow& lead, const Incoming& incoming,
                     Responding responding, Timestamp now);

}  // namespace parley::leads
