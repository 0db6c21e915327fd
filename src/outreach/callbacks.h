#pragma once

// Callbacks of providers, kept as they came and then applied to the messages they are about. Those
// that come twice are noticed, those that come before their message is known wait for it. Functions
// run inside a transaction given by the store. The connection's thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "outreach/provider_events.h"
#include "outreach/tables.h"
#include "store/unit_of_work.h"

namespace parley::outreach {

struct StoredEvents {
  std::vector<std::int64_t> ids;  ///< Of those that are new.
  std::size_t duplicates = 0;
};

/// Keeps the events of one callback that are new.
StoredEvents store_events(store::UnitOfWork& unit, const std::string& source,
                          std::span<const ProviderEvent> events, Timestamp now);

/// Keeps a body that could not be read, once.
void store_unreadable(store::UnitOfWork& unit, const std::string& source, std::string_view body,
                      Timestamp now);

/// Applies the stored events with these ids, in the order in which they came; returns how many
/// found their message. One that was applied already changes nothing.
std::size_t apply_events(store::UnitOfWork& unit, std::span<const std::int64_t> ids, Timestamp now);

/// Applies the events that wait for these ids of providers.
void apply_waiting(store::UnitOfWork& unit, std::span<const std::string> message_ids,
                   Timestamp now);

/// The events of callbacks that were stored and not applied, though their message is known: what
/// the end of a process left. At most `count_max`, oldest first, after the event `after`.
std::vector<InboundEventRow> unapplied_events(database::Connection& connection, std::int64_t after,
                                              std::int64_t count_max);

}  // namespace parley::outreach
