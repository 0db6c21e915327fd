#include "outreach/module.h"

#include <iterator>

#include "outreach/log.h"
#include "outreach/routes.h"
#include "outreach/stream.h"
#include "outreach/system_log.h"

namespace parley::outreach {

Module::Module(Settings settings, store::Store& store, const Clock& clock,
               http::WorkerThreads& workers)
    : settings_(std::move(settings)),
      store_(store),
      clock_(clock),
      workers_(workers),
      limits_(settings_.limits, clock),
      api_keys_(store, clock),
      times_(store),
      log_(bulk_log(store)),
      upkeep_(settings_, store, clock) {}

Context Module::context() const {
  return {settings_, store_, clock_, workers_, keys_, api_keys_, limits_, times_, log_};
}

api::StreamSource Module::stream_source(api::EventFeed& feed) const {
  return outreach::stream_source(context(), feed);
}

void Module::start() {
  store_.write_and_wait([this](store::UnitOfWork& unit) {
    add_line(unit.connection, {.component = Component::System, .message = "Server started"},
             clock_.now());
  });
  upkeep_.start();
}

void Module::stop() { upkeep_.stop(); }

void Module::add_routes(http::Router& router) const {
  const Context handed_on = context();
  std::vector<http::Route> routes = session_routes(handed_on);
  for (auto more :
       {message_routes(handed_on), report_routes(handed_on), upkeep_routes(handed_on)}) {
    std::ranges::move(more, std::back_inserter(routes));
  }
  router.add_group(std::string(kPrefix), std::move(routes), problem_answer);
}

}  // namespace parley::outreach
