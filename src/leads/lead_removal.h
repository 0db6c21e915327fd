#pragma once

// Deleting a lead with all that belongs to it. Runs inside a write transaction given by the store.
// The connection's thread.

#include <cstdint>
#include <string>

#include "leads/tables.h"
#include "store/unit_of_work.h"

namespace parley::leads {

/// What went with a lead.
struct RemovedLead {
  LeadRow lead;
  std::int64_t messages = 0;
  std::int64_t sessions = 0;
  std::int64_t follow_ups = 0;

  std::int64_t total() const { return messages + sessions + follow_ups + 1; }
};

/// Deletes the lead, its sessions, messages and follow-ups. Throws 404, and 409 naming them when
/// tables that Parley does not know have rows that point at any of these.
RemovedLead remove_lead(store::UnitOfWork& unit, std::int64_t id);

}  // namespace parley::leads
