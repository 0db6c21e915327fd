#pragma once

// What the endpoints of the module work with, and how one of them runs (api/endpoint.h). Values and
// immutable handlers; any thread.

#include <functional>
#include <memory>
#include <string>

#include "ai/language_model.h"
#include "api/endpoint.h"
#include "http/client.h"
#include "leads/access.h"
#include "leads/reply_jobs.h"
#include "leads/settings.h"

namespace parley::leads {

/// Everything referred to outlives the handlers.
struct Context {
  const Settings& settings;
  api::Host host;
  Gate& gate;
  ReplyJobs& jobs;
  std::shared_ptr<ai::LanguageModel> model;  ///< Null: offline.
  http::Client& client;                      ///< Of trials of outgoing webhooks.
};

using Task = api::Task<Caller>;
using Prepare = api::Prepare<Caller>;

/// The handler of a route that takes an API key.
http::Handler keyed(const Context& context, Prepare prepare);

/// A handler of a route that reads, or writes, given what it does with the connection and, of a
/// write, the time. `prepare` reads the request.
Task reading(std::function<http::Response(store::Connection&)> serve);
Task writing(std::function<http::Response(store::UnitOfWork&)> serve);

}  // namespace parley::leads
