#pragma once

// A lead that comes from the platform: stored once per external id, with its first session, that
// session's follow-ups and greeting, in one transaction. A write.

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "leads/replies.h"
#include "leads/tables.h"
#include "store/unit_of_work.h"

namespace parley::leads {

inline constexpr std::string_view kPlatform = "yelp";

/// What the platform tells of a new lead.
struct PlatformLead {
  std::string id;
  std::string business_id;
  std::string conversation_id;
  std::string time_created;
  std::string last_event_time;
  std::string email;         ///< The temporary one; may be empty.
  std::string email_expiry;  ///< May be empty.
  std::string phone;
  std::string phone_expiry;
  JsonObject user;
  JsonObject project;
};

struct Intake {
  LeadRow lead;
  std::optional<AgentSessionRow> session;
  bool is_new = false;  ///< False: a lead of that id existed, and nothing was done.
};

Intake take_in(store::UnitOfWork& unit, const PlatformLead& given, Responding responding,
               Timestamp now);

/// The names of the project's jobs, as `leads.service_requested` has them. Pure.
std::string services_of(const JsonObject& project);

/// The lead as it is to be stored. Pure.
LeadRow lead_of(const PlatformLead& given, Timestamp now);

}  // namespace parley::leads
