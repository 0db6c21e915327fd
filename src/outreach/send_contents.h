#pragma once

// What queued messages say: a template for all that were queued together, and each recipient's own
// values. Functions run inside a transaction given by the store. The connection's thread.

#include <optional>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "outreach/channels/carrier.h"
#include "outreach/sending_tables.h"
#include "outreach/tables.h"
#include "outreach/template.h"
#include "store/connection.h"

namespace parley::outreach {

/// The template as JSON, with the fields that a request has, and back. Reading is lenient: what is
/// missing or of another type is absent.
JsonObject template_json(const MessageTemplate& message);
MessageTemplate template_in(const JsonObject& object);

/// The recipient of a logged message. `fields`: a JSON object, as text; what in it is a text, a
/// number or a truth value can be in a template.
TemplateRecipient recipient_of(const MessageLogRow& log, const std::optional<std::string>& fields);

/// A message of which the content is to be kept.
struct ContentToKeep {
  std::string log_id;
  std::map<std::string, std::string, std::less<>> fields;
};

/// Keeps what these messages of one session say. `channel` is that which will send them.
void keep_contents(database::Connection& connection, const std::string& session_id,
                   const std::string& channel, const MessageTemplate& message,
                   std::span<const ContentToKeep> contents, Timestamp now);

/// The message as it is to be sent; nothing when its content is not kept.
std::optional<OutgoingMessage> outgoing_message(database::Connection& connection,
                                                const MessageLogRow& log);

/// The configured channel that a kept message goes through; nothing when it is not kept.
std::optional<std::string> channel_of_content(database::Connection& connection,
                                              const std::string& log_id);

void forget_content(database::Connection& connection, const std::string& log_id);

}  // namespace parley::outreach
