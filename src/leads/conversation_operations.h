#pragma once

// What the endpoints of the conversation do, for the API's document. Pure functions, called at
// start.

#include "http/operation.h"

namespace parley::leads::operation {

http::Operation receive_lead();
http::Operation receive_message();
http::Operation list_agent_responses();
http::Operation mark_delivered();
http::Operation show_webhook_samples();
http::Operation show_outbound_samples();
http::Operation list_outbound_urls();
http::Operation add_outbound_url();
http::Operation remove_outbound_url();
http::Operation test_outbound_url();

http::Operation route_message();
http::Operation note_agent_response();
http::Operation show_context();
http::Operation show_active_session();
http::Operation show_active_session_of();
http::Operation list_recent_conversations();
http::Operation list_messages();
http::Operation list_messages_of();
http::Operation take_over_session();
http::Operation release_session();
http::Operation show_session_status();
http::Operation simulate_message();
http::Operation show_routing_figures();

}  // namespace parley::leads::operation
