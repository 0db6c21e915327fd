#pragma once

// What the module is told from outside. Values; any thread.

#include <chrono>
#include <string>
#include <vector>

namespace parley::leads {

/// The webhooks through which the platform's bridge tells of leads and messages.
struct WebhookSettings {
  std::string secret;              ///< Checks `X-Webhook-Signature`; empty: nobody signs.
  bool require_signature = false;  ///< Refuse requests that are not signed.
  /// Answer a message that comes again word for word with what it was answered before.
  bool dedupe_identical = false;
};

/// How agents answer.
struct ReplySettings {
  std::string model;              ///< Stands for the model of every agent; empty: each its own.
  bool fallback_on_error = true;  ///< A model that fails is stood in for by a fixed text.
  /// How long a request waits for the reply that it caused; the reply comes all the same.
  std::chrono::milliseconds wait{25'000};
  std::size_t at_once_max = 16;  ///< Questions that wait for the model.
  /// How often to look for replies that another process left unfinished.
  std::chrono::milliseconds look_every{1000};
};

struct Settings {
  std::vector<std::string> api_keys;
  bool is_open = false;           ///< Serve without a key when none is configured.
  int requests_per_minute = 600;  ///< Per key or address; 0: no limit.
  WebhookSettings webhooks;
  bool calls_private_addresses = false;  ///< When an outgoing webhook is tried.
  ReplySettings replies;
  std::chrono::milliseconds follow_ups_every{60'000};      ///< 0: only by endpoint.
  std::chrono::milliseconds timeout_sweep_every{300'000};  ///< The same.
};

}  // namespace parley::leads
