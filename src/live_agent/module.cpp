#include "live_agent/module.h"

#include <iterator>

#include "base/error.h"
#include "http/password.h"
#include "live_agent/problems.h"
#include "live_agent/routes.h"
#include "live_agent/send.h"
#include "live_agent/stream.h"
#include "live_agent/webhook_part.h"

namespace parley::live_agent {
namespace {

Settings checked(Settings settings) {
  if (settings.jwt_secret.empty()) {
    throw Error(ErrorCode::InvalidConfiguration, "live_agent.jwt.secret is empty",
                "Set it, or leave it out to have one generated.");
  }
  if (settings.seed_admin && !http::is_acceptable_password(settings.seed_admin->password)) {
    throw Error(ErrorCode::InvalidConfiguration,
                "live_agent.seed_admin.password must have 8 characters to 256 bytes",
                "Choose another password.");
  }
  return settings;
}

std::unique_ptr<Notifier> notifier_for(const Settings& settings, store::Store& store) {
  return settings.notifier ? std::make_unique<Notifier>(*settings.notifier, store) : nullptr;
}

}  // namespace

Module::Module(Settings settings, store::Store& store, const Clock& clock,
               http::WorkerThreads& workers)
    : settings_(checked(std::move(settings))),
      store_(store),
      clock_(clock),
      workers_(workers),
      limits_(settings_.limits, clock),
      tokens_(settings_.jwt_secret),
      api_keys_(store, clock),
      notifier_(notifier_for(settings_, store)),
      send_(bulk_send(store, notifier_.get())) {}

Context Module::context() const {
  return {settings_, store_,  clock_,  workers_, keys_,
          api_keys_, limits_, tokens_, send_,    notifier_.get()};
}

api::StreamSource Module::stream_source(api::EventFeed& feed) const {
  return live_agent::stream_source(context(), feed);
}

std::optional<api::WebhookPart> Module::webhook_part() const {
  return live_agent::webhook_part(context());
}

void Module::add_routes(http::Router& router) const {
  const Context handed_on = context();
  std::vector<http::Route> routes = session_routes(handed_on);
  for (auto more : {message_routes(handed_on), agent_routes(handed_on)}) {
    std::ranges::move(more, std::back_inserter(routes));
  }
  router.add_group(std::string(kLiveAgentPrefix), std::move(routes), problem_answer);
  router.add_group(std::string(kAuthPrefix), auth_routes(handed_on), problem_answer);
  for (std::string& prefix : left_out_prefixes()) {
    router.add_group(std::move(prefix), {}, problem_answer);
  }
}

}  // namespace parley::live_agent
