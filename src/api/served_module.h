#pragma once

// A module as the server serves it. It is made once its schema is ready, gives its routes and its
// events, and may work beside the requests between `start` and `stop`. The app makes it, starts it
// and stops it on one thread; its routes are called on many.

#include <optional>

#include "api/endpoint.h"
#include "api/event_feed.h"
#include "api/stream.h"
#include "api/webhooks/routes.h"
#include "base/clock.h"
#include "http/router.h"
#include "http/worker.h"
#include "store/store.h"

namespace parley::api {

/// What the app gives a module to work with. Everything referred to outlives the module.
struct ModuleParts {
  store::Store& store;
  EventFeed& feed;  ///< Of that store.
  const Clock& clock;
  http::WorkerThreads& passwords;  ///< For hashing them.
};

/// How a module's events are sent as webhooks.
struct WebhookPart {
  Authenticate<webhooks::Subscriber> identify;  ///< Who manages webhooks.
  webhooks::EyesOf eyes_of;
  webhooks::Formats formats = {};  ///< Beside the standard one.
};

class ServedModule {
 public:
  virtual ~ServedModule() = default;

  /// Adds all endpoints. They refer to the module, which outlives the router's use.
  virtual void add_routes(http::Router& router) const = 0;

  /// What the event stream needs. `feed` is that of the module's store and outlives its use.
  virtual StreamSource stream_source(EventFeed& feed) const = 0;

  /// Nothing: its events are not sent as webhooks.
  virtual std::optional<WebhookPart> webhook_part() const { return std::nullopt; }

  /// Begins what goes on beside the requests: jobs, retries. Called before the first request.
  virtual void start() {}

  /// Ends it and waits for what is under way. No request comes any more.
  virtual void stop() {}
};

}  // namespace parley::api
