#pragma once

// The page of an embedded agent: plain HTML with a little script, which may stand in a frame of any
// site. Whatever an account has written is escaped. Pure; any thread.

#include <optional>
#include <string>

#include "base/json.h"
#include "chat/tables.h"
#include "http/message.h"

namespace parley::chat {

/// What the page shows and asks.
struct EmbedPage {
  std::string agent_id;
  std::string agent_name;
  std::string token;  ///< Empty: none is sent along.
  std::optional<Json> recommended_questions;
  JsonObject theme;  ///< Full.
};
/// `nonce` is for the page's one script and has not been used before.
http::Response embed_page(const EmbedPage& page, const std::string& nonce);

/// A page that says why there is nothing to ask.
http::Response embed_problem_page(const http::Problem& problem);

}  // namespace parley::chat
