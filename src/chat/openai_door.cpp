#include "chat/openai_door.h"

#include "ai/language_model.h"
#include "api/fields.h"
#include "base/ids.h"
#include "base/text.h"
#include "chat/agent_config.h"
#include "chat/chats.h"
#include "chat/openai_caller.h"
#include "chat/openai_wire.h"
#include "chat/problems.h"
#include "http/channel.h"

namespace parley::chat {
namespace {

using http::Request;
using http::Response;

constexpr std::uint16_t kClosed = 1000;

void count(const Context& context, const DoorCaller& caller, const Request& request) {
  if (const auto* identity = std::get_if<Identity>(&caller)) {
    context.limits.count_message(identity->user_id);
  } else {
    context.limits.count_embed(request.peer);
  }
}

/// A client that only listens, and whose leaving is told.
class Listener final : public http::ChannelListener {
 public:
  explicit Listener(std::function<void()> on_left) : on_left_(std::move(on_left)) {}
  void on_text(std::string_view) override {}
  void on_closed() override {
    if (on_left_) on_left_();
  }

 private:
  const std::function<void()> on_left_;
};

/// Writes an answer as the chunks of a stream. Called by a LiveAnswer, one call at a time.
class Stream {
 public:
  Stream(std::shared_ptr<http::Channel> channel, CompletionFrame frame, bool tells_usage)
      : channel_(std::move(channel)), frame_(std::move(frame)), tells_usage_(tells_usage) {
    say(to_text(first_chunk(frame_)));
  }

  void add(std::string_view piece) {
    said_ += piece;
    say(to_text(text_chunk(frame_, piece)));
  }

  void end(const AnswerEnd& end) {
    if (const auto* told = std::get_if<JsonObject>(&end)) {
      finish(*told);
    } else {
      say(to_text(openai_error(std::get<http::Problem>(end))));
    }
    channel_->close(kClosed, "");
  }

 private:
  void say(std::string_view text) {
    channel_->send(http::PushMessage::make(text), http::Importance::Durable);
  }

  /// An answer that broke off, or that another node has given, was not said, or not as it is.
  void finish(const JsonObject& told) {
    const std::string content(told.at("message").at("content").as_string());
    const bool is_beginning = content.starts_with(said_);
    const std::string rest = is_beginning ? content.substr(said_.size()) : "\n\n" + content;
    if (!rest.empty()) say(to_text(text_chunk(frame_, rest)));
    say(to_text(last_chunk(frame_)));
    if (tells_usage_) say(to_text(usage_chunk(frame_, told.at("usage"))));
    say(kStreamEnd);
  }

  const std::shared_ptr<http::Channel> channel_;
  const CompletionFrame frame_;
  const bool tells_usage_;
  std::string said_;
};

AnswerListener listener_of(const std::shared_ptr<Stream>& stream) {
  return {.on_piece = [stream](std::string_view piece) { stream->add(piece); },
          .on_end = [stream](const AnswerEnd& end) { stream->end(end); }};
}

/// One request on its way to its answer.
class Completion : public std::enable_shared_from_this<Completion> {
 public:
  Completion(const Context& context, api::Exchange exchange, DoorCaller caller,
             CompletionRequest asked)
      : context_(context),
        exchange_(std::move(exchange)),
        caller_(std::move(caller)),
        asked_(std::move(asked)),
        frame_{.id = "chatcmpl-" + make_uuid_at(context_.now()),
               .model = asked_.model,
               .created = context_.now()} {}

  void start() { asked_.chat_id ? ask_in_chat() : ask_alone(); }

 private:
  void ask_alone();
  void find(database::Connection& connection);
  void work(const std::shared_ptr<LiveAnswer>& live);
  Answer answer_now(const std::shared_ptr<LiveAnswer>& live);

  void ask_in_chat();
  void store(store::UnitOfWork& unit);
  void stored(std::exception_ptr error);

  void answer_with(const std::shared_ptr<LiveAnswer>& live, std::function<void()> on_left);

  const Context context_;
  const api::Exchange exchange_;
  const DoorCaller caller_;
  const CompletionRequest asked_;
  const CompletionFrame frame_;
  AskedAgent found_;
  const Cancellation left_;  ///< Nobody waits for what is not stored.
  const std::string answer_id_ = make_uuid_at(frame_.created);
  std::shared_ptr<LiveAnswer> live_;  ///< Of the run, when there is one.
};

void Completion::find(database::Connection& connection) {
  found_ = agent_called(connection, caller_, asked_.model);
  if (context_.answerer.lacks_key(found_.agent)) throw lacks_ai_key();
}

void Completion::ask_alone() {
  api::then_read(
      context_.host.store, exchange_,
      [self = shared_from_this()](database::Connection& connection) { self->find(connection); },
      [self = shared_from_this()] {
        const auto live = std::make_shared<LiveAnswer>();
        self->exchange_.attempt([&] {
          api::then_work(self->context_.askers, self->exchange_,
                         [self, live] { self->work(live); });
          self->answer_with(live, [cancellation = self->left_] { cancellation.cancel(); });
        });
      });
}

void Completion::work(const std::shared_ptr<LiveAnswer>& live) {
  const Answer answer = answer_now(live);
  JsonObject told = cost_json(answer);
  told["message"] = JsonObject{{"content", answer.content}};
  live->end(std::move(told));
}

Answer Completion::answer_now(const std::shared_ptr<LiveAnswer>& live) {
  const AgentRow& agent = found_.agent;
  if (const auto problem = config_problem(agent.connection_type, agent.connection_config)) {
    return error_answer(*problem);
  }
  Question question{.agent = agent, .history = asked_.history, .text = asked_.question};
  if (!asked_.instructions.empty()) {
    std::string& own =
        question.agent.system_instructions.emplace(question.agent.system_instructions.value_or(""));
    own += own.empty() ? asked_.instructions : "\n\n" + asked_.instructions;
  }
  const auto stopping = context_.cancellation.on_cancel([left = left_] { left.cancel(); });
  return context_.answerer.answer(
      question, [live](std::string_view piece) { live->add(piece); }, left_);
}

void Completion::ask_in_chat() {
  live_ = context_.runner.answers().of(answer_id_);
  context_.host.store.write(
      [self = shared_from_this()](store::UnitOfWork& unit) { self->store(unit); },
      [self = shared_from_this()](std::exception_ptr error) { self->stored(error); });
}

void Completion::store(store::UnitOfWork& unit) {
  find(unit.connection);
  if (!found_.member || !is_uuid(*asked_.chat_id)) throw chat_not_found();
  found_.member->ids["chat_id"] = lower(*asked_.chat_id);
  ChatRow chat = locked_chat_for(unit.connection, *found_.member);
  ask(unit, chat, {.content = asked_.question, .answer_id = answer_id_, .key = std::nullopt},
      context_.settings.runs.give_up_after, context_.now());
}

void Completion::stored(std::exception_ptr error) {
  if (error) {
    context_.runner.answers().forget(answer_id_);
    return exchange_.fail(error);
  }
  live_->mark_stored();
  answer_with(live_, {});
  context_.runner.wake();
}

void Completion::answer_with(const std::shared_ptr<LiveAnswer>& live,
                             std::function<void()> on_left) {
  const auto self = shared_from_this();
  if (asked_.is_streamed) {
    return exchange_.answer(Response::channel(
        {.kind = http::ChannelKind::EventStream,
         .open = [self, live, on_left = std::move(on_left)](std::shared_ptr<http::Channel> channel)
             -> std::shared_ptr<http::ChannelListener> {
           live->join(listener_of(std::make_shared<Stream>(std::move(channel), self->frame_,
                                                           self->asked_.tells_usage)));
           return std::make_shared<Listener>(on_left);
         }}));
  }
  live->join({.on_piece = {}, .on_end = [self](const AnswerEnd& end) {
                const auto* told = std::get_if<JsonObject>(&end);
                if (told == nullptr) {
                  return self->exchange_.fail(
                      std::make_exception_ptr(std::get<http::Problem>(end)));
                }
                self->exchange_.answer(Response::json(
                    200, completion_json(self->frame_,
                                         std::string(told->at("message").at("content").as_string()),
                                         told->at("usage"))));
              }});
}

http::Handler completion_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    DoorCaller caller = door_caller(*request, context.settings, context.now());
    count(context, caller, *request);
    CompletionRequest asked = read_completion_request(*request);
    std::make_shared<Completion>(
        context, api::Exchange(std::move(request), std::move(responder), openai_problem),
        std::move(caller), std::move(asked))
        ->start();
  };
}

/// What a caller may read of the models, in a transaction.
using ReadModels =
    std::function<JsonObject(database::Connection&, const DoorCaller&, const http::Request&)>;

http::Handler reading_models(const Context& context, ReadModels read) {
  return [context, read = std::move(read)](std::shared_ptr<Request> request,
                                           http::Responder responder) {
    const DoorCaller caller = door_caller(*request, context.settings, context.now());
    const api::Exchange exchange(request, std::move(responder), openai_problem);
    const auto told = std::make_shared<JsonObject>();
    api::then_read(
        context.host.store, exchange,
        [read, caller, request, told](database::Connection& connection) {
          *told = read(connection, caller, *request);
        },
        [exchange, told] { exchange.answer(Response::json(200, *told)); });
  };
}

JsonObject list_models(database::Connection& connection, const DoorCaller& caller,
                       const http::Request&) {
  std::vector<AgentRow> agents;
  for (AskedAgent& one : agents_for(connection, caller)) agents.push_back(std::move(one.agent));
  return models_json(agents);
}

JsonObject get_model(database::Connection& connection, const DoorCaller& caller,
                     const http::Request& request) {
  return model_json(agent_called(connection, caller, api::path_value(request, "model")).agent);
}

}  // namespace

std::vector<http::Route> openai_routes(const Context& context) {
  return {
      {"POST", "/v1/chat/completions", completion_handler(context), operation::create_completion()},
      {"GET", "/v1/models", reading_models(context, list_models), operation::list_models()},
      {"GET", "/v1/models/{model}", reading_models(context, get_model), operation::get_model()}};
}

}  // namespace parley::chat
