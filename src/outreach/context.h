#pragma once

// What the handlers of the module work with, and how they are made. Everything referred to outlives
// them. Any thread.

#include <memory>

#include "api/endpoint.h"
#include "outreach/access.h"
#include "outreach/known_times.h"
#include "outreach/problems.h"
#include "outreach/rate_limits.h"
#include "outreach/settings.h"
#include "outreach/trouble_log.h"
#include "store/store.h"

namespace parley::outreach {

struct Context {
  const Settings& settings;
  store::Store& store;
  const Clock& clock;
  http::WorkerThreads& workers;
  api::KeysUnderWay& keys;
  api::ApiKeys& api_keys;
  RateLimits& limits;
  const KnownTimes& times;
  TroubleLog& trouble;
  std::shared_ptr<const store::BulkWork> log;  ///< Messages, as requests come in together.

  /// How errors are answered.
  http::ProblemStyle style() const { return noting_answer(trouble); }
  api::Host host() const { return {store, clock, keys, style()}; }
};

using Task = api::Task<Caller>;
using Prepare = api::Prepare<Caller>;

/// The handler of a route for keys of that scope.
inline http::Handler endpoint(const Context& context, Scope scope, Prepare prepare,
                              Counted counted = Counted::AsRequest) {
  return api::endpoint<Caller>(
      context.host(),
      [context, scope, counted](const http::Request& request) {
        return identify(context, request, scope, counted);
      },
      std::move(prepare));
}

}  // namespace parley::outreach
