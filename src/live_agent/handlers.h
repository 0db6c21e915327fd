#pragma once

// How a request of this module runs: token and body are read on the I/O thread, what needs the
// database runs in one transaction on a thread of the store, and passwords are hashed in between on
// threads of their own. Handlers are immutable; any thread.

#include <functional>
#include <optional>
#include <string>

#include "api/exchange.h"
#include "api/idempotent_write.h"
#include "base/clock.h"
#include "http/router.h"
#include "http/worker.h"
#include "live_agent/auth.h"
#include "live_agent/notifier.h"
#include "live_agent/rate_limits.h"
#include "live_agent/settings.h"
#include "store/store.h"

namespace parley::live_agent {

/// What handlers work with. Everything referred to outlives them.
struct Context {
  const Settings& settings;
  store::Store& store;
  const Clock& clock;
  http::WorkerThreads& workers;
  api::KeysUnderWay& keys;
  api::ApiKeys& api_keys;
  RateLimits& limits;
  http::TokenVerifier& tokens;
  std::shared_ptr<const store::BulkWork> send;  ///< Messages, whether by POST or over the stream.
  Notifier* notifier = nullptr;                 ///< Null: nobody is notified.
};

/// Runs inside the transaction, perhaps more than once: the store repeats what others' failures
/// undid. One that reads appends no events.
using Serve = std::function<http::Response(store::UnitOfWork&, const Caller&)>;

/// What a request asks for, once it has been read.
struct Task {
  enum class Mode { Read, Write } mode;
  Serve serve;
};

/// Reads a request. Throws the 422, 400 or 404 problem.
using Prepare = std::function<Task(const http::Request&)>;

/// What a request counts as (rate_limits.h).
enum class Counted { AsRequest, AsSession };

/// A handler for callers of at least `level`. A token without that level is refused before the
/// request is read; open access is refused any write.
http::Handler authenticated(const Context& context, Level level, Prepare prepare,
                            Counted counted = Counted::AsRequest);

/// The same for a request that may carry a new password.
struct PasswordTask {
  std::optional<std::string> password;
  std::function<http::Response(store::UnitOfWork&, const Caller&,
                               const std::optional<std::string>& password_hash)>
      serve;
};
using PreparePassword = std::function<PasswordTask(const http::Request&)>;

/// A handler that writes with the hash of the new password. The caller is admitted before the work
/// of hashing, and again with it.
http::Handler authenticated_with_password(const Context& context, Level level,
                                          PreparePassword prepare);

/// Who makes a request, and the scope that an API key needs for it: counts it, and refuses what
/// token and method alone show to be impossible. Throws 401, 403, 429.
Identity identity_for(const Context& context, const http::Request& request, Level level,
                      Counted counted = Counted::AsRequest);

/// Refuses open access without a token any write. Throws 403.
void require_writer(const Identity& identity);

/// Whose Idempotency-Key it is: an account of a tenant.
std::string owner_of(const Identity& identity);

/// A request of this module on its way to its answer.
api::Exchange exchange_of(std::shared_ptr<http::Request> request, http::Responder responder);

}  // namespace parley::live_agent
