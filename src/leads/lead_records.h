#pragma once

// Leads as the API keeps them: created, listed, changed, counted. Those that a platform tells of
// come in elsewhere. Functions run inside a transaction given by the store, and throw
// `http::Problem` for what the caller must hear. The connection's thread.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/page.h"
#include "base/clock.h"
#include "base/json.h"
#include "leads/replies.h"
#include "leads/tables.h"
#include "leads/vocabulary.h"
#include "store/connection.h"
#include "store/query.h"
#include "store/unit_of_work.h"

namespace parley::leads {

struct NewLead {
  LeadRow row;
  JsonObject project_data;
  JsonObject platform_metadata;
};

/// Stores the lead with what is known of its project as notes, and fires `new_lead`. Throws 400
/// when a lead of that e-mail or external id exists.
LeadRow add_lead(store::UnitOfWork& unit, NewLead lead, Responding responding, Timestamp now);

/// The lead. Throws 404.
LeadRow lead_of(database::Connection& connection, std::int64_t id);

/// The same, locked. Throws 404.
LeadRow locked_lead_of(store::UnitOfWork& unit, std::int64_t id);

struct LeadFilter {
  std::optional<LeadStatus> status;
  std::optional<std::string> source;
  std::optional<std::string> company;
  std::optional<std::string> search;  ///< In name, e-mail and company, any letter case.
  api::Page page;
};

struct LeadPage {
  std::vector<LeadRow> leads;
  std::int64_t total = 0;
};

/// Newest first.
LeadPage list_leads(database::Connection& connection, const LeadFilter& filter);

struct LeadChange {
  std::vector<store::Assignment<LeadRow>> assignments;
  std::optional<std::string> email;        ///< When it changes.
  std::optional<std::string> external_id;  ///< The same.
};

/// Returns the lead as it is then. Throws 404, and 400 as `add_lead` does.
LeadRow change_lead(store::UnitOfWork& unit, std::int64_t id, const LeadChange& change,
                    Timestamp now);

/// Appends a note, and returns it. Throws 404.
JsonObject add_lead_note(store::UnitOfWork& unit, std::int64_t id, const std::string& content,
                         const std::string& author, Timestamp now);

struct LeadFigures {
  std::int64_t total = 0;
  std::int64_t active = 0;  ///< new, contacted, qualified, in_progress.
  std::int64_t won = 0;     ///< won, completed.

  double conversion_rate() const;
};

LeadFigures lead_figures(database::Connection& connection);

/// Each source and each status with its leads, most leads first.
using LeadCounts = std::vector<std::pair<std::string, std::int64_t>>;
LeadCounts leads_by_source(database::Connection& connection);
LeadCounts leads_by_status(database::Connection& connection);

/// Most first, then by name.
void sort_by_count(LeadCounts& counts);

}  // namespace parley::leads
