#pragma once

// The leads module as the server sees it: made from its settings, it adds its endpoints to a
// router, and works beside the requests between `start` and `stop`. Made, started and stopped by
// one thread; any thread may call the endpoints.

#include <memory>

#include "ai/language_model.h"
#include "api/served_module.h"
#include "leads/access.h"
#include "leads/handlers.h"
#include "leads/reply_jobs.h"
#include "leads/settings.h"
#include "leads/upkeep.h"

namespace parley::leads {

class Module final : public api::ServedModule {
 public:
  /// `model` finds the words of agents; null: fixed texts do.
  Module(Settings settings, const api::ModuleParts& parts,
         std::shared_ptr<ai::LanguageModel> model);
  ~Module() override;

  void add_routes(http::Router& router) const override;
  api::StreamSource stream_source(api::EventFeed& feed) const override;
  std::optional<api::WebhookPart> webhook_part() const override;
  void start() override;
  void stop() override;

  /// What the jobs' thread does in a round, for tests.
  ReplyJobs& jobs() { return jobs_; }

 private:
  Context context() const;

  const Settings settings_;
  store::Store& store_;
  const Clock& clock_;
  const std::shared_ptr<ai::LanguageModel> model_;
  mutable Gate gate_;
  mutable http::Client client_;
  mutable api::KeysUnderWay keys_;
  mutable ReplyJobs jobs_;
  Upkeep upkeep_;
};

}  // namespace parley::leads
