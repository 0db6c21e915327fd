#pragma once

// The outreach module as the server sees it: made from its settings, it adds its endpoints to a
// router and its events to the stream. The endpoints refer to the module and to what it was given,
// which must outlive the router's use. Any thread may call the endpoints; the module itself is made
// and used by one.

#include <memory>

#include "api/loop.h"
#include "api/served_module.h"
#include "outreach/context.h"
#include "outreach/sender.h"
#include "outreach/upkeep.h"

namespace parley::outreach {

class Module final : public api::ServedModule {
 public:
  /// `workers` do what takes long and is seldom: repairs, backups.
  Module(Settings settings, store::Store& store, const Clock& clock, http::WorkerThreads& workers);
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  void add_routes(http::Router& router) const override;
  api::StreamSource stream_source(api::EventFeed& feed) const override;
  void start() override;
  void stop() override;

  Sender& sender() { return sender_; }

 private:
  Context context() const;

  const Settings settings_;
  store::Store& store_;
  const Clock& clock_;
  http::WorkerThreads& workers_;
  mutable RateLimits limits_;
  mutable api::KeysUnderWay keys_;
  mutable api::ApiKeys api_keys_;
  KnownTimes times_;
  mutable TroubleLog trouble_;
  std::shared_ptr<const store::BulkWork> log_;
  Upkeep upkeep_;
  const Quotas quotas_;
  mutable Sender sender_;
  std::unique_ptr<api::Loop> upkeep_of_sending_;
};

}  // namespace parley::outreach
