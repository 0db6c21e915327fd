#pragma once

// What providers say of messages they took, as their callbacks have it: read, and weighed against
// what is known already. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "outreach/vocabulary.h"

namespace parley::outreach {

/// One status of one message.
struct ProviderEvent {
  std::string external_id;  ///< The message's id at the provider.
  std::string status_raw;   ///< The provider's word.
  DeliveryStatus status = DeliveryStatus::Unknown;
  std::optional<Timestamp> provider_time;
  std::string error_code;  ///< Of the first error; empty without one.
  std::string error_message;
  std::string log_id;  ///< What we gave the provider to say with each callback; may be empty.
  std::string conversation_id;
  std::string pricing_model;
  std::string payload;  ///< The event as it came, JSON.
};

/// The statuses of a callback: of Meta's envelope (`entry[].changes[]` with the field `messages`)
/// or of the form `{"statuses": […]}`. Nothing when the body is neither; one that cannot be read is
/// left out.
std::optional<std::vector<ProviderEvent>> events_of(const Json& body);

/// One status as a callback has it; nothing when it cannot be read.
std::optional<ProviderEvent> read_event(const Json& value);

/// The same for the same event of a source, however often it comes.
std::string dedupe_hash(std::string_view source, const ProviderEvent& event);

/// True when the signature, in hexadecimal, with or without `sha256=`, is that of the body.
bool is_signed(std::string_view secret, std::string_view body, std::string_view signature);

/// What an event makes of a delivery whose status is `known`; nothing when it comes too late to
/// change that. Of logged messages `StatusRule::ByRank` decides.
std::optional<DeliveryStatus> status_after(std::string_view known, DeliveryStatus event);

}  // namespace parley::outreach
