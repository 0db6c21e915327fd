#pragma once

// The endpoints through which a message comes in: it is stored and answered for in one transaction,
// and the answer waits for what the model has to say, for a while. Immutable handlers; any thread.

#include <functional>
#include <string>

#include "http/router.h"
#include "leads/conversation_requests.h"
#include "leads/handlers.h"

namespace parley::leads {

/// What an endpoint makes of a message that was routed.
using RoutingAnswer = std::function<JsonObject(const Routed&, const ReplyOutcome&)>;

enum class Signed { No, Yes };  ///< Whether a signature is looked at.

/// Reads the request with `read`. A request that carries an Idempotency-Key, and one that the
/// settings hold for a repetition, is answered with what the first was answered.
http::Handler routing_handler(const Context& context, Signed is_signed,
                              RouteRequest (*read)(const http::Request&), RoutingAnswer answer);

/// `{success, message, lead_id, session_ids}`: the message is the reply.
JsonObject webhook_answer(const Routed& routed, const ReplyOutcome& outcome);

/// All that is known of the routing.
JsonObject routing_json(const Routed& routed, const ReplyOutcome& outcome);

}  // namespace parley::leads
