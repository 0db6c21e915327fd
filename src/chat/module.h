#pragma once

// The chat module as the server sees it: made from its settings, it adds its endpoints to a router
// and works on answers between `start` and `stop`. The endpoints refer to the module and to what it
// was given, which must outlive the router's use. Any thread may call the endpoints; the module
// itself is made and used by one.

#include "api/idempotent_write.h"
#include "api/served_module.h"
#include "chat/handlers.h"

namespace parley::chat {

class Module final : public api::ServedModule {
 public:
  /// `answerer` outlives the module. Throws Error{InvalidConfiguration} for an empty token secret
  /// and for a mailer that cannot be called.
  Module(Settings settings, const api::ModuleParts& parts, Answerer& answerer, SourceLooks looks);
  ~Module() override;

  void add_routes(http::Router& router) const override;
  api::StreamSource stream_source(api::EventFeed& feed) const override;
  void start() override;
  void stop() override;

 private:
  Context context() const;

  const Settings settings_;
  store::Store& store_;
  const Clock& clock_;
  http::WorkerThreads& passwords_;
  Answerer& answerer_;
  const SourceLooks looks_;
  mutable RateLimits limits_;
  mutable api::KeysUnderWay keys_;
  mutable Mailer mailer_;
  Cancellation cancellation_;
  mutable http::WorkerThreads askers_;
  mutable Runner runner_;
};

}  // namespace parley::chat
