#include "live_agent/stream.h"

#include "live_agent/events.h"
#include "live_agent/messages.h"
#include "live_agent/presence.h"
#include "live_agent/problems.h"
#include "live_agent/receipts.h"
#include "live_agent/requests.h"
#include "live_agent/send.h"
#include "live_agent/wire.h"

namespace parley::live_agent {
namespace {

/// The message as the request of the endpoint that does the same, so that one reader checks both.
http::Request as_request(const JsonObject& message, const Caller& caller) {
  JsonObject body = message;
  for (const std::string_view side : {"sender_type", "read_by"}) {
    if (!body.contains(side)) body[side] = word(caller.side());
  }
  http::Request request;
  if (const Json* id = message.if_contains("session_id"); id != nullptr && id->is_string()) {
    request.path_values["id"] = std::string(id->get_string());
  }
  request.body = to_text(body);
  return request;
}

JsonObject done(std::string_view what, JsonObject data) {
  return {{"type", "done"}, {"done", what}, {"data", std::move(data)}};
}

JsonObject failed(const std::exception_ptr& error, const http::Request& request) {
  JsonObject answer = http::to_json(http::logged_problem_of(error, request), "/api/v1/stream");
  answer["type"] = "error";
  return answer;
}

class Person final : public api::Participant {
 public:
  Person(Context context, api::EventFeed& feed, Identity identity, Caller caller)
      : context_(std::move(context)),
        feed_(feed),
        identity_(std::move(identity)),
        caller_(std::move(caller)) {}

  bool may_see(const JsonObject& audience) const override {
    return live_agent::may_see(audience, caller_);
  }

  bool is_outdated_by(const store::Event& event) const override {
    if (event.kind == kAgentUpdated)
      return caller_.agent_id && event.topic == agent_topic(*caller_.agent_id);
    return event.kind == kApiKeyRevoked && caller_.key_id &&
           event.topic == api_key_topic(*caller_.key_id);
  }

  Timestamp valid_until() const override { return identity_.valid_until; }

  void on_message(const JsonObject& message, const api::Reply& reply) const override {
    context_.limits.count_request(identity_.rate_key);
    require_writer(identity_);
    require_scope(caller_, api::Scope::Write);
    const Json* type = message.if_contains("type");
    const std::string_view name = type != nullptr && type->is_string()
                                      ? std::string_view(type->get_string())
                                      : std::string_view();
    const http::Request request = as_request(message, caller_);
    if (name == "send") return send(request, reply);
    if (name == "read") return read(request, reply);
    if (name == "typing") return typing(message, request, reply);
    if (name == "presence") return presence(request, reply);
    throw http::invalid_field("/type", "not_in_vocabulary",
                              "must be one of: subscribe, ping, send, read, typing, presence");
  }

 private:
  void send(const http::Request& request, const api::Reply& reply) const {
    const auto sending = std::make_shared<Sending>();
    MessageToSend wanted = read_message_to_send(request);
    sending->identity = identity_;
    sending->identity.needed = api::Scope::Write;
    sending->session_id = std::move(wanted.session_id);
    sending->message = std::move(wanted.message);
    context_.store.write_together(
        context_.send, sending,
        [sending, request, reply, notifier = context_.notifier](auto error) {
          reply(error ? failed(error, request)
                      : done("send", parse_json(sending->sent).as_object()));
          if (!error && sending->push) deliver_pushes(*notifier, *sending, [](bool) {});
        });
  }

  /// Marks what the other side has sent as read.
  void read(const http::Request& request, const api::Reply& reply) const {
    const std::string id = session_id_of(request);
    const auto marked = std::make_shared<std::int64_t>(0);
    context_.store.write(
        [&store = context_.store, caller = caller_, id, marked](store::UnitOfWork& unit) {
          const SessionRow session = session_for(unit.connection, caller, id);
          *marked = mark_session_read(unit, session, caller.side(), store.now());
        },
        [id, marked, request, reply](auto error) {
          reply(error ? failed(error, request)
                      : done("read", {{"session_id", id}, {"messages_updated", *marked}}));
        });
  }

  void typing(const JsonObject& message, const http::Request& request,
              const api::Reply& reply) const {
    const std::string id = session_id_of(request);
    const Json* is_typing = message.if_contains("is_typing");
    const JsonObject data{{"session_id", id},
                          {"side", word(caller_.side())},
                          {"name", caller_.name},
                          {"is_typing", is_typing == nullptr || *is_typing != Json(false)}};
    const auto audience = std::make_shared<JsonObject>();
    context_.store.read(
        [caller = caller_, id, audience](database::Connection& connection) {
          *audience = audience_of(session_for(connection, caller, id));
        },
        [&feed = feed_, held = feed_.hold(), id, data, audience, request, reply](auto error) {
          if (error) return reply(failed(error, request));
          feed.tell_transient("typing", id, *audience, data);
        });
  }

  void presence(const http::Request& request, const api::Reply& reply) const {
    if (!caller_.agent_id) throw http::forbidden("Access denied: agents only");
    const auto profile = std::make_shared<ProfileRow>();
    context_.store.write(
        [&store = context_.store, caller = caller_, profile,
         change = read_presence(request)](store::UnitOfWork& unit) {
          *profile = set_presence(unit.connection, caller, change, store.now());
        },
        [&feed = feed_, held = feed_.hold(), profile, request, reply](auto error) {
          if (error) return reply(failed(error, request));
          const JsonObject data = presence_json(*profile);
          feed.tell_transient("presence", "", audience_of_agents(), data);
          reply(done("presence", data));
        });
  }

  const Context context_;
  api::EventFeed& feed_;
  const Identity identity_;
  const Caller caller_;
};

}  // namespace

api::StreamSource stream_source(const Context& context, api::EventFeed& feed) {
  return {.module = "live_agent",
          .feed = feed,
          .store = context.store,
          .identify = [context, &feed](const auto& request) {
            const Identity identity = identity_for(context, request, Level::User);
            return
                [context, &feed, identity](
                    database::Connection& connection) -> std::shared_ptr<const api::Participant> {
                  return std::make_shared<Person>(context, feed, identity,
                                                  admit(connection, identity, Level::User));
                };
          }};
}

}  // namespace parley::live_agent
