#pragma once

// Who may call the module: holders of one of its API keys; without configured keys, anybody on this
// machine when the server listens only there. The platform's bridge signs its webhooks besides. Any
// thread.

#include <optional>
#include <string>

#include "api/endpoint.h"
#include "base/clock.h"
#include "http/message.h"
#include "http/rate_limit.h"
#include "leads/settings.h"

namespace parley::leads {

/// Whoever calls; all may do the same.
struct Caller {
  std::string name;  ///< A digest of the key, or the address; never the key.
};

class Gate {
 public:
  /// `clock` and `settings` outlive the gate.
  Gate(const Settings& settings, const Clock& clock);

  /// Who asks; counts the request. Throws 401, and 429 with Retry-After.
  Caller admit(const http::Request& request);

  /// The same for a webhook, whose signature is looked at as well.
  Caller admit_webhook(const http::Request& request);

  /// The same for the event stream, which serves other modules' tokens as well: one that is no key
  /// is refused, also where none is needed. The key may stand in the query, as `token`.
  Caller admit_listener(const http::Request& request);

  /// True while the caller of that name could come again: its key is still configured.
  bool knows(const std::string& name) const;

  // `admit` and `admit_webhook` in the form of `api::endpoint`.
  api::Admission<Caller> admission(const http::Request& request);
  api::Admission<Caller> webhook_admission(const http::Request& request);

 private:
  const Settings& settings_;
  http::PerMinute requests_;
};

/// True when `X-Webhook-Signature` is `sha256=` and the HMAC of the body, in hexadecimal.
bool is_signed_with(const http::Request& request, const std::string& secret);

}  // namespace parley::leads
