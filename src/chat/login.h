#pragma once

// The endpoints that take a password: each reads, verifies or hashes on a thread for passwords, and
// then writes. Handlers are immutable; any thread.

#include "chat/handlers.h"
#include "chat/sign_in.h"
#include "http/router.h"

namespace parley::chat {

http::Handler login_handler(const Context& context);
http::Handler sign_up_handler(const Context& context);
http::Handler reset_handler(const Context& context);
http::Handler change_password_handler(const Context& context);

/// What a login and a refresh are answered with.
http::Response token_answer(const TokenPair& pair);

}  // namespace parley::chat
