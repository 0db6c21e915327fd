#include "api/webhooks/dispatcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "base/log.h"
#include "base/overloaded.h"
#include "http/retry_after.h"
#include "http/webhook_signature.h"

namespace parley::api::webhooks {
namespace {

constexpr std::chrono::hours kTidiedEvery{1};
constexpr int kGone = 410;

double random_chance() {
  static thread_local std::mt19937_64 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

DispatcherOptions completed(DispatcherOptions options) {
  if (!options.chance) options.chance = random_chance;
  return options;
}

bool is_redirect(int status) { return status >= 300 && status < 400; }

/// Why the receiver did not take it; nothing when it did.
std::optional<std::string> problem_of(const http::ClientAnswer& answer) {
  if (answer.is_success()) return std::nullopt;
  const std::string_view why = is_redirect(answer.status) ? ", which is not followed" : "";
  return fmt::format("the receiver answered with {}{}", answer.status, why);
}

void describe(const http::ClientOutcome& outcome, Timestamp now, Outcome& into) {
  std::visit(overloaded{[&](const Error& error) { into.error = error.what(); },
                        [&](const http::ClientAnswer& answer) {
                          into.status = answer.status;
                          into.error = problem_of(answer);
                          into.is_gone = answer.status == kGone;
                          into.retry_after = http::retry_after(answer.header("Retry-After"), now);
                        }},
             outcome);
}

}  // namespace

/// One attempt under way; while there is one, the dispatcher lasts.
class Dispatcher::Flight {
 public:
  Flight(Dispatcher& dispatcher, Message its_message, const Format& its_format)
      : message(std::move(its_message)),
        format(its_format),
        started_at(dispatcher.clock_.now()),
        dispatcher_(dispatcher) {
    const std::scoped_lock lock(dispatcher_.mutex_);
    ++dispatcher_.flying_[message.subscription_id];
    ++dispatcher_.flying_in_all_;
  }
  // Told under the lock, because the one who waits destroys both next.
  ~Flight() {
    const std::scoped_lock lock(dispatcher_.mutex_);
    const auto flying = dispatcher_.flying_.find(message.subscription_id);
    if (--flying->second == 0) dispatcher_.flying_.erase(flying);
    --dispatcher_.flying_in_all_;
    dispatcher_.changed_.notify_all();
    if (dispatcher_.loop_) dispatcher_.loop_->wake();
  }
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

  std::chrono::milliseconds age() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 began_);
  }

  const Message message;
  const Format& format;
  const Timestamp started_at;

 private:
  Dispatcher& dispatcher_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// What one write does for one subscription.
struct Dispatcher::Turn {
  std::optional<Subscription> subscription;
  std::vector<Message> claimed;
  bool has_more_events = false;
};

Dispatcher::Dispatcher(store::Store& store, EventFeed& feed, const Clock& clock,
                       DispatcherOptions options)
    : store_(store), feed_(feed), clock_(clock), options_(completed(std::move(options))) {}

Dispatcher::~Dispatcher() { stop(); }

void Dispatcher::start() {
  auto loop = std::make_unique<Loop>(
      "sending webhooks", [this] { return work(); }, options_.settings.look_every);
  {
    const std::scoped_lock lock(mutex_);
    loop_ = std::move(loop);
  }
  feed_.watch([this] {
    if (has_subscriptions_) wake();
  });
}

void Dispatcher::stop() {
  feed_.watch({});
  std::unique_ptr<Loop> ended;
  {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
    ended = std::move(loop_);
  }
  ended.reset();
  if (client_) client_->stop();
  wait_for_attempts();
}

void Dispatcher::wake() {
  const std::scoped_lock lock(mutex_);
  if (loop_) loop_->wake();
}

void Dispatcher::wait_for_attempts() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return flying_in_all_ == 0; });
}

const Format& Dispatcher::format_of(const Subscription& subscription) const {
  const auto found = options_.formats.find(subscription.format);
  return found == options_.formats.end() ? standard_ : found->second;
}

std::int64_t Dispatcher::room_for(const std::string& subscription_id) const {
  const std::scoped_lock lock(mutex_);
  if (is_ending_) return 0;
  const auto flying = flying_.find(subscription_id);
  const std::int64_t own = flying == flying_.end() ? 0 : flying->second;
  return std::min(kAttemptsPerReceiver - own, kAttemptsMax - flying_in_all_);
}

bool Dispatcher::work() {
  std::vector<std::string> busy;
  bool has_any = false;
  store_.read_and_wait([&](database::Connection& connection) {
    busy.clear();
    const auto log = store::log_state(connection);
    const std::int64_t end = log ? log->end.offset : 0;
    const auto subscriptions = enabled(connection);
    has_any = !subscriptions.empty();
    for (const Subscription& each : subscriptions) {
      const bool has_work = each.log_offset < end || has_due(connection, each.id, clock_.now());
      if (has_work) busy.push_back(each.id);
    }
  });
  has_subscriptions_ = has_any;
  bool has_more = false;
  for (const std::string& id : busy) has_more = serve(id) || has_more;
  return tidy_up() || has_more;
}

/// True when there are more events to make messages of.
bool Dispatcher::serve(const std::string& subscription_id) {
  Turn turn;
  const std::int64_t room = room_for(subscription_id);
  store_.write_and_wait([&](store::UnitOfWork& unit) {
    database::Connection& connection = unit.connection;
    turn = {};
    turn.subscription = find_and_lock(connection, subscription_id);
    if (!turn.subscription || turn.subscription->disabled_at) return;
    const Timestamp now = store_.now();
    const auto eyes =
        options_.eyes_of(connection, turn.subscription->owner, turn.subscription->tenant);
    if (!eyes) return disable(connection, subscription_id, "its owner may not subscribe", now);
    turn.has_more_events =
        take_events(connection, *turn.subscription, *eyes, format_of(*turn.subscription), now);
    if (room > 0) turn.claimed = claim_due(connection, subscription_id, room, now);
  });
  for (Message& each : turn.claimed) send(*turn.subscription, std::move(each));
  return turn.has_more_events;
}

/// Lets go of what is too old, and of what removed subscriptions have left.
bool Dispatcher::tidy_up() {
  if (clock_.now() < next_tidying_) return false;
  bool has_more = false;
  store_.write_and_wait([&](store::UnitOfWork& unit) {
    has_more = forget_messages(unit.connection, store_.now() - kKept);
    has_more = sweep_removed(unit.connection) || has_more;
  });
  if (!has_more) next_tidying_ = clock_.now() + kTidiedEvery;
  return has_more;
}

http::Client& Dispatcher::client() {
  if (!client_) client_ = std::make_unique<http::Client>();
  return *client_;
}

http::ClientRequest Dispatcher::request_for(const Subscription& subscription,
                                            const Message& message) const {
  http::ClientRequest request{.method = "POST",
                              .url = subscription.url,
                              .body = message.payload,
                              .timeout = options_.settings.timeout};
  if (!options_.settings.allow_private) request.reach = http::Reach::PublicOnly;
  request.headers =
      http::WebhookKey::parse(subscription.secret).headers(message.id, clock_.now(), request.body);
  request.headers.emplace_back("Content-Type", "application/json");
  request.headers.emplace_back("User-Agent", format_of(subscription).user_agent);
  return request;
}

void Dispatcher::send(const Subscription& subscription, Message message) {
  const auto flight = std::make_shared<Flight>(*this, std::move(message), format_of(subscription));
  try {
    client().send(request_for(subscription, flight->message),
                  [this, flight](const http::ClientOutcome& outcome) { settle(flight, outcome); });
  } catch (const Error& error) {
    settle(flight, error);  // A URL that a module has let in and that cannot be called.
  }
}

void Dispatcher::settle(const std::shared_ptr<Flight>& flight, const http::ClientOutcome& outcome) {
  Outcome became{.started_at = flight->started_at,
                 .duration = flight->age(),
                 .status = std::nullopt,
                 .error = std::nullopt,
                 .retry_after = std::nullopt};
  describe(outcome, clock_.now(), became);
  bool is_given_back = false;
  {
    // The client's end is not the receiver's fault.
    const std::scoped_lock lock(mutex_);
    is_given_back = is_ending_ && std::holds_alternative<Error>(outcome);
  }
  if (became.error && !is_given_back)
    log::info("Webhook {} was not taken: {}", flight->message.id, *became.error);
  store_.write(
      [this, flight, became, is_given_back, chance = options_.chance()](store::UnitOfWork& unit) {
        find_and_lock(unit.connection, flight->message.subscription_id);
        const Timestamp now = store_.now();
        if (is_given_back) return give_back(unit.connection, flight->message, now);
        webhooks::settle(unit.connection, flight->message, became, flight->format.pauses, chance,
                         now);
      },
      [flight](const std::exception_ptr& error) {
        if (!error) return;
        log::warning("The outcome of webhook {} could not be written; it is sent again",
                     flight->message.id);
      });
}

}  // namespace parley::api::webhooks
