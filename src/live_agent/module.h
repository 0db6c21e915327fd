#pragma once

// The live-agent module as the server sees it: made from its settings, it adds its endpoints to a
// router. The endpoints refer to the module and to what it was given, which must outlive the
// router's use. Any thread may call the endpoints; the module itself is made and used by one.

#include "api/api_keys.h"
#include "api/idempotent_write.h"
#include "api/served_module.h"
#include "base/clock.h"
#include "http/router.h"
#include "http/token_verifier.h"
#include "http/worker.h"
#include "live_agent/handlers.h"
#include "live_agent/notifier.h"
#include "live_agent/settings.h"
#include "store/store.h"

namespace parley::live_agent {

class Module final : public api::ServedModule {
 public:
  /// `workers` hash the passwords. Throws Error{InvalidConfiguration} for an empty token secret,
  /// for a seed admin whose password is not acceptable, and for a webhook that cannot be called.
  Module(Settings settings, store::Store& store, const Clock& clock, http::WorkerThreads& workers);
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  /// Adds all endpoints, and the answer for the paths of the original that are left out.
  void add_routes(http::Router& router) const override;

  /// Who sends the pushes; null: nobody.
  Notifier* notifier() const { return notifier_.get(); }

  api::StreamSource stream_source(api::EventFeed& feed) const override;
  std::optional<api::WebhookPart> webhook_part() const override;

 private:
  Context context() const;

  Settings settings_;
  store::Store& store_;
  const Clock& clock_;
  http::WorkerThreads& workers_;
  mutable RateLimits limits_;
  mutable http::TokenVerifier tokens_;
  mutable api::KeysUnderWay keys_;
  mutable api::ApiKeys api_keys_;
  std::unique_ptr<Notifier> notifier_;
  std::shared_ptr<const store::BulkWork> send_;
};

}  // namespace parley::live_agent
