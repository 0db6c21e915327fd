#include "live_agent/notifier.h"

#include <fmt/format.h>

#include <array>
#include <latch>

#include "base/error.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "http/url.h"
#include "live_agent/push.h"
#include "live_agent/recipients.h"
#include "store/query.h"

namespace parley::live_agent {
namespace {

using store::equals;
using store::set;

constexpr std::chrono::seconds kTimeout{5};

/// While this lasts, only the node that has begun an attempt deals with it.
constexpr std::chrono::seconds kLease{60};

/// The pause after the first attempt, after the second…; after the last there is none. A push that
/// is some hours late tells nobody anything new.
constexpr std::array<std::chrono::seconds, 7> kPauses{
    std::chrono::seconds(5),    std::chrono::seconds(30),   std::chrono::seconds(120),
    std::chrono::seconds(600),  std::chrono::seconds(1800), std::chrono::seconds(3600),
    std::chrono::seconds(7200),
};

constexpr std::int64_t kRetriesAtOnce = 32;
constexpr std::size_t kErrorCharactersMax = 255;

std::string checked_url(const std::string& url) {
  try {
    http::parse_url(url);
  } catch (const Error& error) {
    throw Error(ErrorCode::InvalidConfiguration,
                fmt::format("live_agent.notifier.url cannot be used. {}", error.what()),
                error.hint());
  }
  return url;
}

store::Condition<WebhookDeliveryRow> is_that(const WebhookDeliveryRow& delivery) {
  return equals<&WebhookDeliveryRow::id>(delivery.id);
}

/// Takes one that is due, unless another node was faster.
bool claim(store::Connection& connection, WebhookDeliveryRow& delivery, Timestamp now) {
  const auto unclaimed =
      all_of(is_that(delivery), equals<&WebhookDeliveryRow::attempts>(delivery.attempts));
  delivery.attempts += 1;
  return store::update(connection, unclaimed, set<&WebhookDeliveryRow::attempts>(delivery.attempts),
                       set<&WebhookDeliveryRow::next_attempt_at>(now + kLease)) == 1;
}

bool has_pause_after(const WebhookDeliveryRow& delivery) {
  return static_cast<std::size_t>(delivery.attempts) <= kPauses.size();
}

/// Requires: has_pause_after(delivery).
void postpone(store::Connection& connection, const WebhookDeliveryRow& delivery,
              std::string_view problem, Timestamp now) {
  const auto pause = kPauses.at(static_cast<std::size_t>(delivery.attempts - 1));
  store::update(connection, is_that(delivery),
                set<&WebhookDeliveryRow::next_attempt_at>(now + pause),
                set<&WebhookDeliveryRow::last_error>(
                    std::string(first_code_points(problem, kErrorCharactersMax))));
}

/// Why the receiver did not take it; nothing when it did.
std::optional<std::string> problem_of(const http::ClientOutcome& outcome) {
  return std::visit(
      overloaded{[](const Error& error) -> std::optional<std::string> { return error.what(); },
                 [](const http::ClientAnswer& answer) -> std::optional<std::string> {
                   if (answer.is_success()) return std::nullopt;
                   return fmt::format("the receiver answered with {}", answer.status);
                 }},
      outcome);
}

}  // namespace

/// One attempt; while there is one, the notifier lasts. Whatever becomes of it, `done` is called.
class Notifier::Attempt {
 public:
  Attempt(Notifier& notifier, WebhookDeliveryRow its_delivery, std::function<void(bool)> done)
      : delivery(std::move(its_delivery)), notifier_(notifier), done_(std::move(done)) {
    notifier_.enter();
  }
  ~Attempt() {
    finish(false);
    notifier_.leave();
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  void finish(bool was_taken) noexcept {
    const auto done = std::exchange(done_, nullptr);
    if (!done) return;
    try {
      done(was_taken);
    } catch (const std::exception& error) {
      log::error("What followed a notification failed: {}", error.what());
    }
  }

  const WebhookDeliveryRow delivery;

 private:
  Notifier& notifier_;
  std::function<void(bool)> done_;
};

Notifier::Notifier(const WebhookSettings& settings, store::Store& store)
    : url_(checked_url(settings.url)),
      key_(http::WebhookKey::parse(settings.secret)),
      look_every_(settings.look_every),
      store_(store) {
  thread_ = std::thread([this] { run(); });
}

Notifier::~Notifier() {
  client_.stop();
  std::unique_lock lock(mutex_);
  is_ending_ = true;
  changed_.notify_all();
  lock.unlock();
  thread_.join();
  lock.lock();
  changed_.wait(lock, [this] { return attempts_open_ == 0; });
}

void Notifier::enter() {
  const std::scoped_lock lock(mutex_);
  ++attempts_open_;
}

// Told under the lock, because the one who waits destroys both next.
void Notifier::leave() {
  const std::scoped_lock lock(mutex_);
  --attempts_open_;
  changed_.notify_all();
}

Notifier::Deliveries Notifier::record(store::UnitOfWork& unit, std::size_t first_event) const {
  const Timestamp now = store_.now();
  Deliveries deliveries;
  for (Push& push : pushes_of(std::span(unit.events).subspan(first_event))) {
    deliveries.push_back({.id = make_uuid(),
                          .session_id = std::move(push.session_id),
                          .to_side = word(push.to),
                          .payload = to_text(push.payload),
                          .attempts = 1,
                          .next_attempt_at = now + kLease,
                          .last_error = std::nullopt,
                          .created_at = now});
  }
  store::insert_many(unit.connection, deliveries);
  return deliveries;
}

void Notifier::deliver(WebhookDeliveryRow delivery, std::function<void(bool)> done) {
  const auto attempt = std::make_shared<Attempt>(*this, std::move(delivery), std::move(done));
  const auto recipients = std::make_shared<json::array>();
  store_.read(
      [attempt, recipients](store::Connection& connection) {
        const Side side = parse_word<Side>(attempt->delivery.to_side).value_or(Side::Agent);
        *recipients = recipients_of(connection, attempt->delivery.session_id, side);
      },
      [this, attempt, recipients](const std::exception_ptr& error) {
        if (error) return settle(attempt, Outcome::Failed, "its recipients could not be read");
        send(attempt, *recipients);
      });
}

void Notifier::deliver(const Deliveries& deliveries) {
  for (const WebhookDeliveryRow& delivery : deliveries) deliver(delivery, [](bool) {});
}

void Notifier::send(const std::shared_ptr<Attempt>& attempt, const json::array& recipients) {
  const WebhookDeliveryRow& delivery = attempt->delivery;
  if (recipients.empty()) return settle(attempt, Outcome::NobodyToTell);
  JsonObject payload = parse_json(delivery.payload).as_object();
  payload["recipients"] = recipients;
  http::ClientRequest request{
      .method = "POST", .url = url_, .body = to_text(payload), .timeout = kTimeout};
  request.headers = key_.headers(delivery.id, store_.now(), request.body);
  request.headers.emplace_back("Content-Type", "application/json");
  client_.send(std::move(request), [this, attempt](const http::ClientOutcome& outcome) {
    std::optional<std::string> problem = problem_of(outcome);
    if (!problem) return settle(attempt, Outcome::Taken);
    settle(attempt, Outcome::Failed, *std::move(problem));
  });
}

void Notifier::settle(const std::shared_ptr<Attempt>& attempt, Outcome outcome,
                      std::string problem) {
  const WebhookDeliveryRow& delivery = attempt->delivery;
  const bool is_over = outcome != Outcome::Failed || !has_pause_after(delivery);
  if (outcome == Outcome::Failed) {
    log::warning("Notification {} was not taken, {}: {}", delivery.id,
                 is_over ? "and is given up" : "which is tried again", problem);
  }
  store_.write(
      [this, attempt, is_over, problem = std::move(problem)](store::UnitOfWork& unit) {
        if (is_over) {
          store::erase(unit.connection, is_that(attempt->delivery));
        } else {
          postpone(unit.connection, attempt->delivery, problem, store_.now());
        }
      },
      [attempt, outcome](const std::exception_ptr& error) {
        if (error) {
          log::warning("The outcome of notification {} could not be written; it is sent again",
                       attempt->delivery.id);
        }
        attempt->finish(outcome == Outcome::Taken);
      });
}

Notifier::Deliveries Notifier::claim_due() {
  Deliveries due;
  store_.read_and_wait([&](store::Connection& connection) {
    due = store::select<WebhookDeliveryRow>()
              .where(store::less_or_equal<&WebhookDeliveryRow::next_attempt_at>(store_.now()))
              .order_by<&WebhookDeliveryRow::next_attempt_at>()
              .limit(kRetriesAtOnce)
              .all(connection);
  });
  Deliveries claimed;
  if (due.empty()) return claimed;
  store_.write_and_wait([&](store::UnitOfWork& unit) {
    claimed.clear();
    for (WebhookDeliveryRow delivery : due) {
      if (claim(unit.connection, delivery, store_.now())) claimed.push_back(std::move(delivery));
    }
  });
  return claimed;
}

std::size_t Notifier::retry_due() {
  const Deliveries claimed = claim_due();
  // Shared, because the last to count may still be inside when the waiting one goes on.
  const auto open = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(claimed.size()));
  for (const WebhookDeliveryRow& delivery : claimed) {
    deliver(delivery, [open](bool) { open->count_down(); });
  }
  open->wait();
  return claimed.size();
}

void Notifier::run() {
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    lock.unlock();
    std::size_t tried = 0;
    try {
      tried = retry_due();
    } catch (const std::exception& error) {
      log::warning("Notifications that wait could not be looked for: {}", error.what());
    }
    lock.lock();
    if (tried == kRetriesAtOnce) continue;
    changed_.wait_for(lock, look_every_, [this] { return is_ending_; });
  }
}

store::Work noting_pushes(const Notifier* notifier,
                          std::shared_ptr<Notifier::Deliveries> deliveries, store::Work work) {
  if (notifier == nullptr) return work;
  return [notifier, deliveries = std::move(deliveries),
          work = std::move(work)](store::UnitOfWork& unit) {
    const std::size_t first_event = unit.events.size();
    work(unit);
    *deliveries = notifier->record(unit, first_event);
  };
}

}  // namespace parley::live_agent
