#include "chat/module.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "chat/openai_door.h"
#include "chat/openai_wire.h"
#include "chat/problems.h"
#include "chat/routes.h"
#include "chat/stream.h"

namespace parley::chat {
namespace {

constexpr std::size_t kAskersQueueMax = 64;

Settings checked(Settings settings) {
  if (settings.jwt_secret.empty()) {
    throw Error(ErrorCode::InvalidConfiguration, "chat.jwt.secret is empty",
                "Set it, or leave it out to have one generated.");
  }
  return settings;
}

}  // namespace

Module::Module(Settings settings, const api::ModuleParts& parts, Answerer& answerer,
               SourceLooks looks)
    : settings_(checked(std::move(settings))),
      store_(parts.store),
      clock_(parts.clock),
      passwords_(parts.passwords),
      answerer_(answerer),
      looks_(std::move(looks)),
      limits_(settings_.limits, clock_),
      mailer_(settings_.mailer, clock_),
      askers_(settings_.runs.threads, kAskersQueueMax),
      runner_(settings_, store_, clock_, answerer_, parts.feed) {}

Module::~Module() { stop(); }

Context Module::context() const {
  return {.settings = settings_,
          .host = {.store = store_, .clock = clock_, .keys = keys_, .style = problem_answer},
          .passwords = passwords_,
          .limits = limits_,
          .answerer = answerer_,
          .runner = runner_,
          .mailer = mailer_,
          .looks = looks_,
          .askers = askers_,
          .cancellation = cancellation_};
}

void Module::add_routes(http::Router& router) const {
  const Context handed_on = context();
  router.add_group("/auth", auth_routes(handed_on), problem_answer);
  router.add_group("/accounts", account_routes(handed_on), problem_answer);
  std::vector<http::Route> agents = agent_routes(handed_on);
  std::ranges::move(source_routes(handed_on), std::back_inserter(agents));
  router.add_group("/agents", std::move(agents), problem_answer);
  router.add_group("/chats", chat_routes(handed_on), problem_answer);
  router.add_group("/embed", embed_routes(handed_on), problem_answer);
  router.add_group("/v1", openai_routes(handed_on), openai_problem);
  router.add_group("/health", {health_route()}, problem_answer);
}

api::StreamSource Module::stream_source(api::EventFeed& feed) const {
  return chat::stream_source(context(), feed);
}

void Module::start() { runner_.start(); }

void Module::stop() {
  cancellation_.cancel();
  runner_.stop();
}

}  // namespace parley::chat
