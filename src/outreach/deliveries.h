#pragma once

// What became of the messages that a provider took, by the provider's ids: the side file of the
// original. Functions run inside a transaction given by the store, and throw `http::Problem` for
// what the caller must hear. The connection's thread.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "outreach/access.h"
#include "outreach/provider_events.h"
#include "outreach/sending_tables.h"
#include "outreach/tables.h"
#include "store/unit_of_work.h"

namespace parley::outreach {

struct NewDelivery {
  std::string message_id;
  std::string phone_number;
  std::optional<std::string> template_name;
  std::optional<std::string> message_content;
  std::optional<std::string> conversation_id;
};

/// Begins to follow a message; callbacks that came before are applied. Appends `delivery.updated`.
/// Throws the 409 problem when that id is followed already.
DeliveryRecordRow report_delivery(store::UnitOfWork& unit, const std::string& user_id,
                                  const NewDelivery& delivery, Timestamp now);

/// The delivery of the caller; of one that nobody reported, as adopted files have them, an
/// administrator's. Throws the 404 problem.
DeliveryRecordRow delivery_for(database::Connection& connection, const Caller& caller,
                               const std::string& message_id);

/// Those of the caller that failed and may be tried again, newest failure first.
std::vector<DeliveryRecordRow> failed_deliveries(database::Connection& connection,
                                                 const Caller& caller, std::int64_t count_max);

/// Puts a failed delivery back to `queued`, and its message, where we are to send it, into the
/// queue. Appends `delivery.updated`. Throws 404, and 409 when it has not failed or was tried as
/// often as it may be.
DeliveryRecordRow retry_delivery(store::UnitOfWork& unit, const Caller& caller,
                                 const std::string& message_id, Timestamp now);

/// A message that we have sent is followed under that id, too. To be called before the message gets
/// the id, so that callbacks that came before find both.
void follow_sent(store::UnitOfWork& unit, const MessageLogRow& message, const std::string& id,
                 std::string content, Timestamp now);

/// What a callback says of a delivery; false when there is none with that id. Appends
/// `delivery.updated` to whoever owns it.
bool apply_to_delivery(store::UnitOfWork& unit, const ProviderEvent& event, Timestamp now);

struct DeliveryFigures {
  std::int64_t total = 0;
  std::int64_t sent = 0;       ///< All that are sent, or further.
  std::int64_t delivered = 0;  ///< The same from delivered on.
  std::int64_t read = 0;
  std::int64_t failed = 0;
  double seconds_to_delivery = 0;  ///< The mean; 0 of none.
  double seconds_to_read = 0;
  std::map<std::string, std::int64_t> errors;  ///< How often each code came.
};

/// Of the caller's deliveries that were begun at `since` or later.
DeliveryFigures delivery_figures(database::Connection& connection, const Caller& caller,
                                 Timestamp since);

}  // namespace parley::outreach
