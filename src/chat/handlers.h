#pragma once

// How a request of this module runs: `api::endpoint` with the module's callers, who are admitted in
// the order that the module promises. Handlers are immutable; any thread.

#include <string>
#include <utility>

#include "api/endpoint.h"
#include "chat/access.h"
#include "chat/auth.h"
#include "chat/mailer.h"
#include "chat/rate_limits.h"
#include "chat/requests.h"
#include "chat/runner.h"
#include "chat/settings.h"
#include "chat/source_looks.h"
#include "http/worker.h"

namespace parley::chat {

/// What handlers work with. Everything referred to outlives them.
struct Context {
  const Settings& settings;
  api::Host host;
  http::WorkerThreads& passwords;
  RateLimits& limits;
  Answerer& answerer;
  Runner& runner;
  Mailer& mailer;
  const SourceLooks& looks;
  http::WorkerThreads& askers;  ///< For questions that are not stored, and for looking at sources.
  Cancellation cancellation;    ///< Of what they wait for.

  Timestamp now() const { return host.clock.now(); }
};

using Task = api::Task<Caller>;
using Prepare = api::Prepare<Caller>;
using Serve = std::function<http::Response(store::UnitOfWork&, const Caller&)>;

/// A task that reads or writes. `serve` reads what was asked with `Later`, whose problem comes
/// after those of admission.
Task reading(std::function<http::Response(database::Connection&, const Caller&)> serve);
Task writing(Serve serve);

/// For members of the account in the path who have one of these roles.
http::Handler for_members(const Context& context, const Roles& roles, Prepare prepare);

/// For everybody who is signed in.
http::Handler for_users(const Context& context, Prepare prepare);

/// Who asks, when the path names an account, and when it does not.
api::Admission<Caller> admission_of(const Context& context, const http::Request& request,
                                    const Roles& roles);
api::Admission<Caller> user_admission_of(const Context& context, const http::Request& request);

/// `{"ok": true}` with what else there is to say.
http::Response ok(JsonObject more = {});
http::Response ok_message(std::string_view message);

}  // namespace parley::chat
