#include "api/stream.h"

#include <charconv>

#include "api/operation_parts.h"
#include "base/check.h"
#include "base/error.h"
#include "base/json_schema.h"
#include "base/log.h"
#include "base/text.h"

namespace parley::api {
namespace {

constexpr std::int64_t kPollLimit = 100;
constexpr std::int64_t kPollLimitMax = 1000;
constexpr std::int64_t kScannedPerPoll = 5000;

using ParticipantPtr = std::shared_ptr<const Participant>;

void send(http::Channel& channel, const JsonObject& message) {
  channel.send(http::PushMessage::make(to_text(message)), http::Importance::Durable);
}

/// The answer to a message that could not be understood or done, with the message's own id.
JsonObject error_message(const http::Problem& problem, const Json* id) {
  JsonObject error = http::to_json(problem, "/api/v1/stream");
  error["type"] = "error";
  if (id != nullptr) error["id"] = *id;
  return error;
}

http::Problem invalid_message(std::string text) {
  return http::invalid_field("/type", "invalid_message", std::move(text));
}

std::optional<std::string> text_field(const JsonObject& message, std::string_view name) {
  const Json* value = message.if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (!value->is_string()) {
    throw http::invalid_field("/" + std::string(name), "wrong_type", "must be text");
  }
  return std::string(value->get_string());
}

std::set<std::string> topics_of(const JsonObject& message) {
  std::set<std::string> topics;
  const Json* list = message.if_contains("topics");
  if (list == nullptr || list->is_null()) return topics;
  const auto* texts = list->if_array();
  for (std::size_t i = 0; texts != nullptr && i < texts->size(); ++i) {
    if (!texts->at(i).is_string())
      texts = nullptr;
    else
      topics.emplace(texts->at(i).get_string());
  }
  if (texts == nullptr) {
    throw http::invalid_field("/topics", "wrong_type", "must be a list of session ids");
  }
  return topics;
}

/// One client on its channel.
class Session final : public http::ChannelListener {
 public:
  Session(const StreamSource& source, const Clock& clock, ParticipantPtr participant,
          std::shared_ptr<http::Channel> channel)
      : source_(source),
        clock_(clock),
        participant_(std::move(participant)),
        channel_(std::move(channel)) {}

  void subscribe(EventFeed::Wish wish) {
    subscription_ = source_.feed.subscribe(channel_, participant_, std::move(wish));
  }

  void on_text(std::string_view text) override {
    const Json* id = nullptr;
    Json parsed;
    try {
      if (clock_.now() >= participant_->valid_until())
        return channel_->close(kTokenExpired, "the token has expired");
      parsed = parse_json(text);
      const JsonObject* message = parsed.if_object();
      if (message == nullptr) throw invalid_message("A message is a JSON object");
      id = message->if_contains("id");
      handle(*message);
    } catch (...) {
      send(*channel_, error_message(http::problem_of(std::current_exception()), id));
    }
  }

  void on_drained() override {
    if (subscription_) source_.feed.drained(subscription_);
  }

  void on_closed() override {
    if (subscription_) source_.feed.drop(subscription_);
    subscription_.reset();
  }

 private:
  void handle(const JsonObject& message) {
    const std::string type = text_field(message, "type").value_or("");
    if (type == "ping") return pong();
    if (type != "subscribe") return participant_->on_message(message, reply_to(message));
    if (subscription_)
      throw http::conflict("already_subscribed", "There is a subscription already");
    subscribe({.cursor = text_field(message, "cursor"), .topics = topics_of(message)});
  }

  void pong() {
    JsonObject answer{{"type", "pong"}};
    if (subscription_) answer["cursor"] = source_.feed.cursor_of(*subscription_);
    send(*channel_, answer);
  }

  Reply reply_to(const JsonObject& message) {
    const Json* id = message.if_contains("id");
    return
        [channel = channel_, id = id ? std::optional<Json>(*id) : std::nullopt](JsonObject answer) {
          if (id) answer["id"] = *id;
          send(*channel, answer);
        };
  }

  const StreamSource& source_;
  const Clock& clock_;
  const ParticipantPtr participant_;
  const std::shared_ptr<http::Channel> channel_;
  std::shared_ptr<Subscription> subscription_;
};

/// Browsers cannot give a WebSocket or an EventSource a header (RFC 6750 section 2.3).
void take_token_from_query(http::Request& request) {
  const auto token = request.query.find("access_token");
  if (token == request.query.end() || !request.header("Authorization").empty()) return;
  request.headers.emplace_back("Authorization", "Bearer " + token->second);
}

std::set<std::string> topics_of(const http::Request& request) {
  const auto given = request.query.find("topics");
  if (given == request.query.end() || given->second.empty()) return {};
  const auto list = split(given->second, ',');
  return {list.begin(), list.end()};
}

/// Where an EventSource left off, or where a client wants to begin.
std::optional<std::string> cursor_of(const http::Request& request) {
  if (const auto last = request.header("Last-Event-ID"); !last.empty()) return std::string(last);
  const auto after = request.query.find("after");
  return after == request.query.end() ? std::nullopt : std::optional(after->second);
}

std::int64_t limit_of(const http::Request& request) {
  const auto given = request.query.find("limit");
  if (given == request.query.end()) return kPollLimit;
  std::int64_t limit = 0;
  const char* const end = given->second.data() + given->second.size();
  const auto [rest, problem] = std::from_chars(given->second.data(), end, limit);
  if (problem != std::errc() || rest != end || limit < 1 || limit > kPollLimitMax) {
    throw http::invalid_field("/limit", "out_of_range", "limit must be a number from 1 to 1000");
  }
  return limit;
}

/// What of the log comes after the cursor, for one who asks now and then.
http::Response poll(database::Connection& connection, const Viewer& viewer,
                    const std::optional<std::string>& cursor, const std::set<std::string>& topics,
                    std::int64_t limit) {
  const store::LogState state = store::log_state(connection).value_or(store::LogState{});
  auto [at, recovered] = beginning_of(state, cursor);
  const std::int64_t last_scanned = at.offset + kScannedPerPoll;
  std::string events;
  std::int64_t found = 0;
  while (at.offset < state.end.offset && at.offset < last_scanned && found < limit) {
    const auto page = store::events_after(connection, at.offset, limit);
    if (page.empty()) break;
    for (const store::LoggedEvent& each : page) {
      if (found == limit) break;
      at.offset = each.offset;
      const bool is_wanted = topics.empty() || topics.contains(each.event.topic);
      if (!is_wanted || !viewer.may_see(parse_json(each.event.audience).as_object())) continue;
      if (found++ > 0) events += ',';
      events += event_text(at.epoch, each);
    }
  }
  const JsonObject rest{
      {"cursor", at.text()}, {"recovered", recovered}, {"has_more", at.offset < state.end.offset}};
  const std::string tail = to_text(rest);
  http::Response response;
  response.body = "{\"events\":[" + events + "]," + tail.substr(1);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

http::Parameter token_in_query() {
  return in_query("access_token", json_schema::text(),
                  "The token, for clients that cannot give headers.");
}

http::Parameter module_in_query() {
  return in_query("module", json_schema::text(),
                  "Whose events, where the token does not say it: live_agent, chat, …");
}

http::Operation stream_operation() {
  return {.id = "openStream",
          .summary = "A WebSocket for events and messages",
          .tag = "events",
          .parameters = {module_in_query(), token_in_query()},
          .answers = {{101, "The WebSocket is open."}},
          .problems = {400, 401, 403, 404, 426, 503}};
}

/// One event, as `event_text` writes it; `data` is the wire object of its module.
JsonObject event_schema() {
  return json_schema::named("Event",
                            json_schema::object({{"type", json_schema::text()},
                                                 {"cursor", json_schema::text()},
                                                 {"event", json_schema::text()},
                                                 {"created_at", json_schema::text_of("date-time")},
                                                 {"data", json_schema::any_object()}}));
}

http::Operation events_operation() {
  const JsonObject page = json_schema::object({{"events", json_schema::list_of(event_schema())},
                                               {"cursor", json_schema::text()},
                                               {"recovered", json_schema::boolean()},
                                               {"has_more", json_schema::boolean()}});
  JsonObject limit = json_schema::integer(1, kPollLimitMax);
  limit["default"] = kPollLimit;
  return {.id = "readEvents",
          .summary =
              "The events after a cursor, at once or as they happen (Accept: "
              "text/event-stream)",
          .tag = "events",
          .parameters = {in_query("after", json_schema::text(), "The cursor of the last answer."),
                         in_query("topics", json_schema::text(), "Session ids with commas."),
                         in_query("limit", limit, "Of events in one answer."),
                         {.place = http::Parameter::Place::Header,
                          .name = "Last-Event-ID",
                          .schema = json_schema::text(),
                          .meaning = "The cursor, as an EventSource sends it."},
                         module_in_query(),
                         token_in_query()},
          .answers = {{200, "Events.", page},
                      {200, "Events.", json_schema::text(), "text/event-stream"}},
          .problems = {401, 403, 404, 422, 503}};
}

class Streams {
 public:
  Streams(std::vector<StreamSource> sources, const Clock& clock)
      : sources_(std::move(sources)), clock_(clock) {
    PARLEY_CHECK(!sources_.empty());
  }

  /// Finds whose token it is, and runs `then` with who that is in a read transaction of its module;
  /// what `then` returns is the answer.
  template <class Then>
  void identified(std::shared_ptr<http::Request> request, http::Responder responder,
                  Then then) const {
    take_token_from_query(*request);
    const auto [source, who] = whose(*request);
    http::deferred(
        [source](auto work, auto done) { source->store.read(std::move(work), std::move(done)); },
        [source, who, then](const http::Request& asked, database::Connection& connection) {
          return then(*source, asked, connection, who(connection));
        },
        http::problem_response)(std::move(request), std::move(responder));
  }

  http::Response open(const StreamSource& source, http::ChannelKind kind,
                      const ParticipantPtr& participant,
                      const std::optional<EventFeed::Wish>& wish) const {
    return http::Response::channel(
        {.kind = kind,
         .open = [&source, this, participant, wish](std::shared_ptr<http::Channel> channel) {
           auto session =
               std::make_shared<Session>(source, clock_, participant, std::move(channel));
           if (wish) session->subscribe(*wish);
           return session;
         }});
  }

 private:
  using Who = std::function<ParticipantPtr(database::Connection&)>;

  /// The module that the request is for, and how to find out who asks. Throws 401 for a token of
  /// none of them, 404 for a module that is none.
  std::pair<const StreamSource*, Who> whose(const http::Request& request) const {
    const auto wanted = request.query.find("module");
    http::Problem refusal = http::not_found("There is no module of that name.");
    for (const StreamSource& source : sources_) {
      if (wanted != request.query.end() && wanted->second != source.module) continue;
      try {
        return {&source, source.identify(request)};
      } catch (const http::Problem& problem) {
        if (problem.status != 401) throw;
        refusal = problem;
      }
    }
    throw refusal;
  }

  const std::vector<StreamSource> sources_;
  const Clock& clock_;
};

}  // namespace

std::vector<http::Route> stream_routes(std::vector<StreamSource> sources, const Clock& clock) {
  const auto streams = std::make_shared<const Streams>(std::move(sources), clock);
  const auto websocket = [streams](std::shared_ptr<http::Request> request,
                                   http::Responder responder) {
    streams->identified(std::move(request), std::move(responder),
                        [streams](const StreamSource& source, const http::Request&,
                                  database::Connection&, const ParticipantPtr& participant) {
                          return streams->open(source, http::ChannelKind::WebSocket, participant,
                                               std::nullopt);
                        });
  };
  const auto events = [streams](std::shared_ptr<http::Request> request, http::Responder responder) {
    const bool is_stream =
        request->header("Accept").find("text/event-stream") != std::string_view::npos;
    const EventFeed::Wish wish{.cursor = cursor_of(*request), .topics = topics_of(*request)};
    const std::int64_t limit = limit_of(*request);
    streams->identified(
        std::move(request), std::move(responder),
        [streams, is_stream, wish, limit](const StreamSource& source, const http::Request&,
                                          database::Connection& connection,
                                          const ParticipantPtr& participant) {
          return is_stream
                     ? streams->open(source, http::ChannelKind::EventStream, participant, wish)
                     : poll(connection, *participant, wish.cursor, wish.topics, limit);
        });
  };
  return {{"GET", "/api/v1/stream", websocket, stream_operation()},
          {"GET", "/api/v1/events", events, events_operation()}};
}

}  // namespace parley::api
