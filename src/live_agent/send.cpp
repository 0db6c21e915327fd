#include "live_agent/send.h"

#include "live_agent/messages.h"
#include "live_agent/requests.h"
#include "live_agent/wire.h"
#include "store/idempotency.h"

namespace parley::live_agent {
namespace {

/// The message with one more field.
http::Response answer_of(const Sending& sending) {
  std::string text = sending.sent;
  text.back() = ',';
  http::Response response =
      http::Response::of_text(201, text + "\"notification_sent\":false}");
  if (sending.is_replayed) response.headers.emplace_back("Idempotent-Replayed", "true");
  return response;
}

/// The app repeats a message that timed out once, without a key. When the answer of the first time
/// never left, it is kept for that.
http::Response guarded_answer(const Context& context, const std::shared_ptr<Sending>& sending) {
  http::Response response = answer_of(*sending);
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
  return store::request_key("undelivered\n" + identity.rate_key, request.body, "").id;
}

/// A message of its own transaction part, because its answer is kept with it.
void send_once(const Context& context, const Exchange& exchange,
               const std::shared_ptr<Sending>& sending) {
  const auto answer = std::make_shared<http::Response>();
  const auto work = [&store = context.store, sending, &answer = *answer](store::UnitOfWork& unit) {
    sending->error = nullptr;
    Sending* const items[] = {sending.get()};
    send_messages(unit, items, store.now());
    if (sending->error) std::rethrow_exception(sending->error);
    answer = answer_of(*sending);
  };
  api::write_once(context.store, context.keys, context.clock, exchange.request(),
                  owner_of(sending->identity), answer, work,
                  done_of(exchange, [exchange, answer] { exchange.answer(std::move(*answer)); }));
}

}  // namespace

std::shared_ptr<const store::BulkWork> bulk_send(store::Store& store) {
  return std::make_shared<store::BulkWork>(
      [&store](store::UnitOfWork& unit, std::span<store::BulkItem* const> items) {
        std::vector<Sending*> sendings;
        for (store::BulkItem* item : items) sendings.push_back(static_cast<Sending*>(item));
        send_messages(unit, sendings, store.now());
      });
}

http::Handler send_handler(const Context& context) {
  return [context](std::shared_ptr<http::Request> request, const http::Responder& responder) {
    const auto sending = std::make_shared<Sending>();
    sending->identity = identity_for(context, *request, Level::User);
    MessageToSend wanted = read_message_to_send(*request);
    sending->session_id = std::move(wanted.session_id);
    sending->message = std::move(wanted.message);
    const Exchange exchange(std::move(request), responder);
    if (!exchange.request().header("Idempotency-Key").empty())
      return send_once(context, exchange, sending);
    sending->guard_id = guard_id_of(sending->identity, exchange.request());
    context.store.write_together(
        context.send, sending,
        done_of(exchange, [context, exchange, sending] {
          exchange.answer(guarded_answer(context, sending));
        }));
  };
}

}  // namespace parley::live_agent
