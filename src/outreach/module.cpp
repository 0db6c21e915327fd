#include "outreach/module.h"

#include <iterator>

#include "outreach/log.h"
#include "outreach/routes.h"
#include "outreach/stream.h"

namespace parley::outreach {

Module::Module(Settings settings, store::Store& store, const Clock& clock)
    : settings_(std::move(settings)),
      store_(store),
      clock_(clock),
      limits_(settings_.limits, clock),
      log_(bulk_log(store)) {}

Context Module::context() const {
  return {settings_, store_, clock_, keys_, limits_, times_, log_};
}

api::StreamSource Module::stream_source(api::EventFeed& feed) const {
  return outreach::stream_source(context(), feed);
}

void Module::add_routes(http::Router& router) const {
  const Context handed_on = context();
  std::vector<http::Route> routes = session_routes(handed_on);
  for (auto more : {message_routes(handed_on), upkeep_routes(handed_on)}) {
    std::ranges::move(more, std::back_inserter(routes));
  }
  router.add_group(std::string(kPrefix), std::move(routes), problem_answer);
}

}  // namespace parley::outreach
