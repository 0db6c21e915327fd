#include "live_agent/send.h"

#include "base/check.h"
#include "live_agent/messages.h"
#include "live_agent/requests.h"
#include "live_agent/wire.h"
#include "store/idempotency.h"

namespace parley::live_agent {
namespace {

using api::done_of;
using api::Exchange;

/// The message with one more field.
http::Response answer_of(const Sending& sending, bool is_notified) {
  std::string text = sending.sent;
  text.back() = ',';
  text += is_notified ? "\"notification_sent\":true}" : "\"notification_sent\":false}";
  http::Response response = http::Response::of_text(201, std::move(text));
  if (sending.is_replayed) response.headers.emplace_back("Idempotent-Replayed", "true");
  return response;
}

/// The app repeats a message that timed out once, without a key. When the answer of the first time
/// never left, it is kept for that.
http::Response guarded_answer(const Context& context, const std::shared_ptr<Sending>& sending,
                              bool is_notified) {
  http::Response response = answer_of(*sending, is_notified);
  response.on_undelivered = [&store = context.store, sending] {
    const Timestamp now = store.now();
    store.write(
        [sending, now](store::UnitOfWork& unit) {
          store::keep_answer(unit.connection, {sending->guard_id, ""}, 201, sending->sent, now,
                             now - kRetryWindow);
        },
        [](std::exception_ptr) {});
  };
  return response;
}

/// Which requests are the same: those of one token with one body.
std::string guard_id_of(const Identity& identity, const http::Request& request) {
  return store::request_key_id("undelivered\n" + identity.rate_key, request.body);
}

/// Sends the messages, and gives each that was accepted its push.
void send_noting_pushes(store::UnitOfWork& unit, std::span<Sending* const> sendings, Timestamp now,
                        const Notifier* notifier) {
  const std::size_t first_event = unit.events.size();
  send_messages(unit, sendings, now);
  if (notifier == nullptr) return;
  Notifier::Deliveries pushes = notifier->record(unit, first_event);
  auto push = pushes.begin();
  for (Sending* each : sendings) {
    each->push.reset();
    each->status_push.reset();
    if (each->error || each->is_replayed) continue;
    each->push = std::move(*push++);
    if (each->status_before) each->status_push = std::move(*push++);
  }
  PARLEY_CHECK(push == pushes.end());
}

/// Answers, after the receiver was told when there is one.
void answer_sent(const Context& context, const Exchange& exchange,
                 const std::shared_ptr<Sending>& sending) {
  if (!sending->push) return exchange.answer(guarded_answer(context, sending, false));
  deliver_pushes(*context.notifier, *sending, [context, exchange, sending](bool was_taken) {
    exchange.answer(guarded_answer(context, sending, was_taken));
  });
}

/// The same, and a repetition of the request will be answered alike.
void answer_sent_once(const Context& context, const Exchange& exchange,
                      const std::shared_ptr<Sending>& sending) {
  if (!sending->push) return exchange.answer(answer_of(*sending, false));
  deliver_pushes(*context.notifier, *sending, [context, exchange, sending](bool was_taken) {
    const http::Response answer = answer_of(*sending, was_taken);
    if (!was_taken) return exchange.answer(answer);
    const auto key = api::request_key_of(exchange.request(), owner_of(sending->identity));
    context.store.write(
        [id = key.value().id, body = answer.body](store::UnitOfWork& unit) {
          store::change_answer(unit.connection, id, body);
        },
        [exchange, answer](const std::exception_ptr&) { exchange.answer(answer); });
  });
}

/// A message of its own transaction part, because its answer is kept with it.
void send_once(const Context& context, const Exchange& exchange,
               const std::shared_ptr<Sending>& sending) {
  const auto answer = std::make_shared<http::Response>();
  const auto work = [context, sending, &answer = *answer](store::UnitOfWork& unit) {
    sending->error = nullptr;
    Sending* const items[] = {sending.get()};
    send_noting_pushes(unit, items, context.store.now(), context.notifier);
    if (sending->error) std::rethrow_exception(sending->error);
    answer = answer_of(*sending, false);
  };
  api::write_once(context.store, context.keys, context.clock, exchange.request(),
                  owner_of(sending->identity), answer, work,
                  done_of(exchange, [context, exchange, sending, answer] {
                    // A repetition is not sent again, and so not told again.
                    const bool is_new = answer->header("Idempotent-Replayed").empty();
                    if (is_new) return answer_sent_once(context, exchange, sending);
                    exchange.answer(std::move(*answer));
                  }));
}

}  // namespace

void deliver_pushes(Notifier& notifier, Sending& sending, std::function<void(bool)> done) {
  if (sending.status_push) notifier.deliver({*std::move(sending.status_push)});
  notifier.deliver(*std::move(sending.push), std::move(done));
}

std::shared_ptr<const store::BulkWork> bulk_send(store::Store& store, const Notifier* notifier) {
  return std::make_shared<store::BulkWork>(
      [&store, notifier](store::UnitOfWork& unit, std::span<store::BulkItem* const> items) {
        std::vector<Sending*> sendings;
        for (store::BulkItem* item : items) sendings.push_back(static_cast<Sending*>(item));
        send_noting_pushes(unit, sendings, store.now(), notifier);
      });
}

http::Handler send_handler(const Context& context) {
  return [context](std::shared_ptr<http::Request> request, const http::Responder& responder) {
    const auto sending = std::make_shared<Sending>();
    sending->identity = identity_for(context, *request, Level::User);
    MessageToSend wanted = read_message_to_send(*request);
    sending->session_id = std::move(wanted.session_id);
    sending->message = std::move(wanted.message);
    const Exchange exchange = exchange_of(std::move(request), responder);
    if (!exchange.request().header("Idempotency-Key").empty())
      return send_once(context, exchange, sending);
    sending->guard_id = guard_id_of(sending->identity, exchange.request());
    context.store.write_together(context.send, sending,
                                 done_of(exchange, [context, exchange, sending] {
                                   answer_sent(context, exchange, sending);
                                 }));
  };
}

}  // namespace parley::live_agent
