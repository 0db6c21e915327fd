#include "outreach/log.h"

#include "outreach/messages.h"
#include "schema/convert.h"

namespace parley::outreach {
namespace {

using api::Exchange;
using http::Request;
using http::Response;

/// A request under way: who asks is found out in the transaction.
struct AdmittedLogging : Logging {
  api::Admission<Caller> admission;
};

/// The user whose messages they are; the error of one who may not stays with the item.
bool admit(AdmittedLogging& logging, database::Connection& connection) {
  try {
    logging.user_id = logging.admission.admit(connection).user_id;
    return true;
  } catch (const http::Problem&) {
    logging.error = std::current_exception();
    return false;
  }
}

void log_admitted(store::UnitOfWork& unit, std::span<AdmittedLogging* const> items, Timestamp now) {
  std::vector<Logging*> admitted;
  for (AdmittedLogging* item : items) {
    if (admit(*item, unit.connection)) admitted.push_back(item);
  }
  log_messages(unit, admitted, now);
}

Response answer_for_one(const Logging& logging) {
  const MessageLogRow& row = logging.logged.front();
  return Response::json(201, JsonObject{{"log_id", row.id},
                                        {"session_id", row.session_id},
                                        {"message_status", row.message_status},
                                        {"timestamp", schema::to_json(row.timestamp)}});
}

Response answer_for_batch(const Logging& logging) {
  json::array log_ids;
  json::array session_ids;
  for (const MessageLogRow& row : logging.logged) {
    log_ids.emplace_back(row.id);
    session_ids.emplace_back(row.session_id);
  }
  return Response::json(
      201, JsonObject{{"log_ids", std::move(log_ids)}, {"session_ids", std::move(session_ids)}});
}

using Answer = Response (*)(const Logging&);

/// One whose answer is kept with it, in a part of the transaction of its own.
void log_once(const Context& context, const Exchange& exchange,
              const std::shared_ptr<AdmittedLogging>& logging, Answer answer_for) {
  const auto answer = std::make_shared<Response>();
  const auto work = [&store = context.store, logging, answer_for,
                     &answer = *answer](store::UnitOfWork& unit) {
    logging->error = nullptr;
    AdmittedLogging* const items[] = {logging.get()};
    log_admitted(unit, items, store.now());
    if (logging->error) std::rethrow_exception(logging->error);
    answer = answer_for(*logging);
  };
  api::write_once(
      context.store, context.keys, context.clock, exchange.request(), logging->admission.owner,
      answer, work,
      api::done_of(exchange, [exchange, answer] { exchange.answer(std::move(*answer)); }));
}

using Read = std::vector<Record> (*)(const Request&);

http::Handler handler(const Context& context, Read read, Answer answer_for) {
  return [context, read, answer_for](std::shared_ptr<Request> request,
                                     const http::Responder& responder) {
    const auto logging = std::make_shared<AdmittedLogging>();
    logging->admission = identify(context, *request, Scope::Write, Counted::AsRequest);
    logging->records = read(*request);
    const Exchange exchange(std::move(request), responder, context.style());
    if (!exchange.request().header("Idempotency-Key").empty()) {
      return log_once(context, exchange, logging, answer_for);
    }
    context.store.write_together(context.log, logging,
                                 api::done_of(exchange, [exchange, logging, answer_for] {
                                   exchange.answer(answer_for(*logging));
                                 }));
  };
}

std::vector<Record> read_one(const Request& request) {
  std::vector<Record> records;
  records.push_back(read_record(request));
  return records;
}

}  // namespace

std::shared_ptr<const store::BulkWork> bulk_log(store::Store& store) {
  return std::make_shared<store::BulkWork>(
      [&store](store::UnitOfWork& unit, std::span<store::BulkItem* const> items) {
        std::vector<AdmittedLogging*> loggings;
        for (store::BulkItem* item : items) {
          loggings.push_back(static_cast<AdmittedLogging*>(item));
        }
        log_admitted(unit, loggings, store.now());
      });
}

http::Handler log_handler(const Context& context) {
  return handler(context, read_one, answer_for_one);
}

http::Handler log_batch_handler(const Context& context) {
  return handler(context, read_batch, answer_for_batch);
}

}  // namespace parley::outreach
