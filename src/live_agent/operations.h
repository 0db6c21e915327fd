#pragma once

// What each endpoint of the module does, for the API's document: the third thing beside method and
// handler that `*_routes.cpp` says of a route. Pure functions, called at start.

#include "http/operation.h"

namespace parley::live_agent::operation {

http::Operation open_session();
http::Operation list_sessions();
http::Operation show_session();
http::Operation change_status();

http::Operation send_message();
http::Operation list_messages();
http::Operation poll_messages();
http::Operation mark_message_read();
http::Operation mark_session_read();

http::Operation set_presence();
http::Operation set_push_token();
http::Operation show_statistics();
http::Operation list_agents();
http::Operation create_agent();
http::Operation change_agent();

http::Operation log_in();
http::Operation seed_admin();
http::Operation show_profile();
http::Operation change_profile();

}  // namespace parley::live_agent::operation
