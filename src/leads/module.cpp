#include "leads/module.h"

#include <algorithm>
#include <iterator>

#include "leads/management_routes.h"
#include "leads/problems.h"
#include "leads/routes.h"
#include "leads/stream.h"
#include "leads/webhook_part.h"

namespace parley::leads {

Module::Module(Settings settings, const api::ModuleParts& parts,
               std::shared_ptr<ai::LanguageModel> model)
    : settings_(std::move(settings)),
      store_(parts.store),
      clock_(parts.clock),
      model_(std::move(model)),
      gate_(settings_, clock_),
      jobs_(store_, clock_, model_, settings_.replies),
      upkeep_(store_, settings_) {
  store_.keep_microseconds();
}

Module::~Module() { stop(); }

Context Module::context() const {
  return {.settings = settings_,
          .host = {.store = store_, .clock = clock_, .keys = keys_, .style = problem_answer},
          .gate = gate_,
          .jobs = jobs_,
          .model = model_,
          .client = client_};
}

void Module::add_routes(http::Router& router) const {
  const Context handed_on = context();
  const auto add = [&](std::string_view prefix, std::vector<http::Route> routes) {
    router.add_group(std::string(prefix), std::move(routes), problem_answer,
                     http::TrailingSlash::Ignored);
  };
  std::vector<http::Route> webhooks = webhook_routes(handed_on);
  std::ranges::move(outbound_routes(handed_on), std::back_inserter(webhooks));
  add(kWebhooksPrefix, std::move(webhooks));
  add(kMessagesPrefix, message_routes(handed_on));
  add("/api/messages", message_mark_routes(handed_on));
  add("/api/agent-sessions", session_routes(handed_on));
  add("/api/leads", lead_routes(handed_on));
  add("/api/agents", agent_routes(handed_on));
  add("/api/workflows", workflow_routes(handed_on));
  add("/api/testing", follow_up_routes(handed_on));
  add("/api/dashboard", dashboard_routes(handed_on));
  add("/api/health", health_routes());
}

api::StreamSource Module::stream_source(api::EventFeed& feed) const {
  return leads::stream_source(context(), feed);
}

std::optional<api::WebhookPart> Module::webhook_part() const {
  return leads::webhook_part(context());
}

void Module::start() {
  jobs_.start();
  upkeep_.start();
}

void Module::stop() {
  upkeep_.stop();
  jobs_.stop();
}

}  // namespace parley::leads
