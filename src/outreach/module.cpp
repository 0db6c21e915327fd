#include "outreach/module.h"

#include <iterator>

#include "outreach/log.h"
#include "outreach/routes.h"
#include "outreach/sending_routes.h"
#include "outreach/sending_upkeep.h"
#include "outreach/stream.h"
#include "outreach/system_log.h"

namespace parley::outreach {
namespace {

constexpr std::chrono::hours kUpkeepEvery{1};

}  // namespace

Module::Module(Settings settings, store::Store& store, const Clock& clock,
               http::WorkerThreads& workers)
    : settings_(std::move(settings)),
      store_(store),
      clock_(clock),
      workers_(workers),
      limits_(settings_.limits, clock),
      api_keys_(store, clock),
      times_(store),
      trouble_(store),
      log_(bulk_log(store)),
      upkeep_(settings_, store, clock, trouble_),
      quotas_(settings_.sending.quotas, clock.now()),
      sender_(open_outlets(settings_.sending.channels, clock), store, quotas_, trouble_,
              settings_.sending.look_every) {
  store_.keep_microseconds();
}

Context Module::context() const {
  return {settings_, store_, clock_, workers_, keys_, api_keys_, limits_, times_, trouble_, log_};
}

api::StreamSource Module::stream_source(api::EventFeed& feed) const {
  return outreach::stream_source(context(), feed);
}

void Module::start() {
  const Timestamp now = clock_.now();
  const std::vector<SchemaEvent> schema_events = settings_.maintenance.schema_events();
  store_.write_and_wait([&](store::UnitOfWork& unit) {
    add_schema_events(unit.connection, schema_events,
                      now - std::chrono::days(settings_.system_log_days));
    add_line(unit.connection, {.component = Component::System, .message = "Server started"}, now);
  });
  trouble_.start();
  upkeep_.start();
  upkeep_of_sending_ =
      std::make_unique<api::Loop>("the upkeep of sending",
                                  trouble_.watched("The upkeep of sending", Component::Delivery,
                                                   [this] { return look_after_sending(store_); }),
                                  kUpkeepEvery);
  sender_.start();
}

void Module::stop() {
  sender_.stop();
  upkeep_of_sending_.reset();
  upkeep_.stop();
  trouble_.stop();
}

void Module::add_routes(http::Router& router) const {
  const Context handed_on = context();
  std::vector<http::Route> routes = session_routes(handed_on);
  for (auto more :
       {message_routes(handed_on), report_routes(handed_on), upkeep_routes(handed_on)}) {
    std::ranges::move(more, std::back_inserter(routes));
  }
  const SendingContext sending{handed_on, settings_.sending, quotas_, sender_};
  for (auto more : {queue_routes(sending), delivery_routes(sending), quota_routes(sending),
                    text_routes(sending), callback_routes(sending)}) {
    std::ranges::move(more, std::back_inserter(routes));
  }
  router.add_group(std::string(kPrefix), std::move(routes), handed_on.style());
}

}  // namespace parley::outreach
