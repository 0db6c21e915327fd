#include "live_agent/send.h"

#include "live_agent/messages.h"
#include "live_agent/requests.h"
#include "live_agent/wire.h"

namespace parley::live_agent {
namespace {

/// The message with one more field.
http::Response answer_of(const Sending& sending) {
  std::string text = sending.sent;
  text.back() = ',';
  return http::Response::of_text(201, text + "\"notification_sent\":false}");
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
    context.store.write_together(
        context.send, sending,
        done_of(exchange, [exchange, sending] { exchange.answer(answer_of(*sending)); }));
  };
}

}  // namespace parley::live_agent
