#pragma once

// The endpoints through which clients hear what happens (docs/guide/realtime.md): a WebSocket that
// also takes messages, server-sent events, and polling, all with the same cursor. They serve every
// module: the one that `module` in the query names, else the first whose token it is. Filled before
// the server starts; any thread.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/event_feed.h"
#include "http/router.h"

namespace parley::api {

/// Answers one message of a client; may be called later, from any thread, at most once.
using Reply = std::function<void(JsonObject)>;

/// A viewer that can also say something.
class Participant : public Viewer {
 public:
  /// A message of the client that the stream itself does not know: `type` and what belongs to it.
  /// Throws `http::Problem` for what the client must hear. Must not block.
  virtual void on_message(const JsonObject& message, const Reply& reply) const = 0;
};

/// A module whose events are streamed.
struct StreamSource {
  std::string module;  ///< Its name, by which a client may ask for it.
  EventFeed& feed;
  store::Store& store;

  /// Reads the token: throws the 401 problem when it is none of this module. What it returns finds
  /// out who that is, in a transaction.
  std::function<std::function<std::shared_ptr<const Participant>(database::Connection&)>(
      const http::Request&)>
      identify;
};

/// `/api/v1/stream` and `/api/v1/events`. `sources` outlive the use of the routes.
std::vector<http::Route> stream_routes(std::vector<StreamSource> sources, const Clock& clock);

}  // namespace parley::api
