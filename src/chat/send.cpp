#include "chat/send.h"

#include "api/idempotent_write.h"
#include "base/ids.h"
#include "chat/chats.h"
#include "chat/problems.h"
#include "http/channel.h"

namespace parley::chat {
namespace {

using http::Request;
using http::Response;

constexpr std::uint16_t kClosed = 1000;

bool wants_stream(const Request& request) {
  return request.header("Accept").find("text/event-stream") != std::string_view::npos;
}

void tell(http::Channel& channel, std::string_view event, const JsonObject& data) {
  channel.send(http::PushMessage::make(to_text(data), event), http::Importance::Durable);
}

/// A client that only listens.
class Audience final : public http::ChannelListener {
 public:
  void on_text(std::string_view) override {}
  void on_closed() override {}
};

/// What a stream is told: the pieces as `ai.delta`, then `answer` or `error`.
AnswerListener listener_for(std::shared_ptr<http::Channel> channel, RunRow run, std::string path) {
  return {.on_piece =
              [channel, run](std::string_view piece) {
                tell(*channel, "ai.delta",
                     {{"chat_id", run.chat_id},
                      {"question_id", run.question_id},
                      {"message_id", run.id},
                      {"text", piece}});
              },
          .on_end =
              [channel, path](const AnswerEnd& end) {
                if (const auto* told = std::get_if<JsonObject>(&end)) {
                  tell(*channel, "answer", *told);
                } else {
                  tell(*channel, "error", http::to_json(std::get<http::Problem>(end), path));
                }
                channel->close(kClosed, "");
              }};
}

/// Answers with what becomes of a run, now or piece by piece.
void answer_with(const api::Exchange& exchange, const std::shared_ptr<LiveAnswer>& live,
                 const RunRow& run, int status) {
  if (wants_stream(exchange.request())) {
    const std::string path = exchange.request().path;
    return exchange.answer(
        Response::channel({.kind = http::ChannelKind::EventStream,
                           .open = [live, run, path](std::shared_ptr<http::Channel> channel)
                               -> std::shared_ptr<http::ChannelListener> {
                             live->join(listener_for(std::move(channel), run, path));
                             return std::make_shared<Audience>();
                           }}));
  }
  live->join({.on_piece = {}, .on_end = [exchange, status](const AnswerEnd& end) {
                if (const auto* told = std::get_if<JsonObject>(&end)) {
                  return exchange.answer(Response::json(status, *told));
                }
                exchange.fail(std::make_exception_ptr(std::get<http::Problem>(end)));
              }});
}

http::Problem still_answering() {
  http::Problem problem =
      http::conflict("idempotency_in_progress",
                     "The first request with this Idempotency-Key is still being answered");
  problem.headers.emplace_back("Retry-After", "1");
  return problem;
}

/// One message on its way: the question is stored, and then the answer heard.
class Sending : public std::enable_shared_from_this<Sending> {
 public:
  Sending(const Context& context, api::Exchange exchange, api::Admission<Caller> admission)
      : context_(context),
        exchange_(std::move(exchange)),
        admission_(std::move(admission)),
        content_(later(read_content, exchange_.request())),
        key_(api::request_key_of(exchange_.request(), admission_.owner)),
        answer_id_(make_uuid_at(context_.now())),
        live_(context_.runner.answers().of(answer_id_)) {}

  void start() {
    context_.host.store.write(
        [self = shared_from_this()](store::UnitOfWork& unit) { self->store(unit); },
        [self = shared_from_this()](std::exception_ptr error) { self->stored(error); });
  }

 private:
  void store(store::UnitOfWork& unit) {
    replayed_.reset();
    const Caller caller = admission_.admit(unit.connection);
    const std::string& content = content_.value();
    if (key_ && replay(unit.connection)) return;
    const AgentRow agent = access_then_agent(unit.connection, caller);
    ChatRow chat = locked_chat_for(unit.connection, caller);
    if (context_.answerer.lacks_key(agent)) throw lacks_ai_key();
    run_ = ask(unit, chat, {.content = content, .answer_id = answer_id_, .key = key_},
               context_.settings.runs.give_up_after, context_.now());
  }

  bool replay(database::Connection& connection) {
    if (is_being_answered(connection, *key_)) throw still_answering();
    const auto kept =
        store::find_answer(connection, key_->id, context_.now() - store::kIdempotencyLifetime);
    if (kept) replayed_ = api::replayed(*kept, *key_);
    return kept.has_value();
  }

  void stored(std::exception_ptr error) {
    if (error || replayed_) context_.runner.answers().forget(answer_id_);
    if (error) return exchange_.fail(error);
    if (replayed_) return exchange_.answer(*std::move(replayed_));
    live_->mark_stored();
    answer_with(exchange_, live_, run_, 201);
    context_.runner.wake();
  }

  const Context context_;
  const api::Exchange exchange_;
  const api::Admission<Caller> admission_;
  const Later<std::string> content_;
  const std::optional<store::RequestKey> key_;
  const std::string answer_id_;
  const std::shared_ptr<LiveAnswer> live_;
  std::optional<Response> replayed_;
  RunRow run_;
};

RunRow first_run(database::Connection& connection, const Caller& caller) {
  access_then_agent(connection, caller);
  const std::vector<RunRow> runs = runs_of(connection, chat_for(connection, caller).id);
  if (runs.empty()) throw http::not_found("No answer is being given");
  return runs.front();
}

}  // namespace

http::Handler send_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    api::Admission<Caller> admission = admission_of(context, *request, kEverybody);
    context.limits.count_message(admission.owner);
    std::make_shared<Sending>(
        context, api::Exchange(std::move(request), std::move(responder), context.host.style),
        std::move(admission))
        ->start();
  };
}

http::Handler join_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    const api::Admission<Caller> admission = admission_of(context, *request, kEverybody);
    const api::Exchange exchange(std::move(request), std::move(responder), context.host.style);
    const auto run = std::make_shared<RunRow>();
    api::then_read(
        context.host.store, exchange,
        [admission, run](database::Connection& connection) {
          *run = first_run(connection, admission.admit(connection));
        },
        [context, exchange, run] {
          const std::shared_ptr<LiveAnswer> live = context.runner.answers().of(run->id);
          live->mark_stored();
          answer_with(exchange, live, *run, 200);
          context.runner.wake();
        });
  };
}

}  // namespace parley::chat
