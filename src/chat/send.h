#pragma once

// Sending a message and hearing its answer, in one piece or as it is given. The question is stored
// before anybody is asked; the answer is the server's business from then on, whether or not the
// sender stays. Handlers are immutable; any thread.

#include "chat/handlers.h"
#include "http/router.h"

namespace parley::chat {

/// POST …/messages: 201 with the answer, or, for who accepts `text/event-stream`, the pieces of the
/// answer and then the answer.
http::Handler send_handler(const Context& context);

/// GET …/answer: the same for an answer that is being given already, from its first piece on.
http::Handler join_handler(const Context& context);

}  // namespace parley::chat
