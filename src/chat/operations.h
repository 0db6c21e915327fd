#pragma once

// What each endpoint of the module does, for the API's document: the third thing beside method and
// handler that `*_routes.cpp` says of a route. Pure functions, called at start.

#include "http/operation.h"

namespace parley::chat::operation {

http::Operation log_in();
http::Operation refresh();
http::Operation log_out();
http::Operation show_me();
http::Operation sign_up();
http::Operation verify();
http::Operation resend_verification();
http::Operation forgot_password();
http::Operation reset_password();
http::Operation change_password();
http::Operation change_name();

http::Operation show_account();
http::Operation rename_account();
http::Operation show_team();
http::Operation invite();
http::Operation change_member();
http::Operation remove_member();

http::Operation create_chat();
http::Operation list_chats();
http::Operation show_chat();
http::Operation rename_chat();
http::Operation delete_chat();
http::Operation send_message();
http::Operation edit_message();
http::Operation join_answer();

http::Operation create_agent();
http::Operation list_agents();
http::Operation show_agent();
http::Operation change_agent();
http::Operation delete_agent();
http::Operation check_connection();
http::Operation read_schema();
http::Operation test_connection();
http::Operation test_db_connection();
http::Operation test_schema();
http::Operation ask_agent();
http::Operation issue_credential();
http::Operation list_credentials();
http::Operation switch_credential();
http::Operation set_theme();
http::Operation delete_credential();

http::Operation ask_embedded();
http::Operation launch_embedded();
http::Operation validate_embed_token();
http::Operation show_widget();
http::Operation show_chatbot();
http::Operation show_health();

}  // namespace parley::chat::operation
