#include <gmock/gmock.h>

#include "http/live_agent_server.h"
#include "live_agent/events.h"
#include "store/event_log.h"
#include "support/event_stream_client.h"
#include "support/websocket_client.h"

namespace parley::test {
namespace {

using live_agent::Role;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A client on the stream that keeps the cursor as a proper one does.
class Listener {
 public:
  Listener(const LiveAgentServer& server, const std::string& token)
      : socket_(server.port(), "/api/v1/stream", {{"Authorization", "Bearer " + token}}) {}

  JsonObject subscribe(JsonObject wish = {}) {
    wish["type"] = "subscribe";
    say(wish);
    return next();
  }
  void say(const JsonObject& message) { socket_.send_text(to_text(message)); }

  /// The next message.
  JsonObject next() {
    const WebSocketFrame frame = socket_.receive();
    if (frame.opcode != opcode::kText) {
      ADD_FAILURE() << "closed with " << frame.close_code();
      return {};
    }
    JsonObject message = parse_json(frame.payload).as_object();
    if (const Json* cursor = message.if_contains("cursor"))
      cursor_ = std::string(cursor->get_string());
    return message;
  }
  /// The next message, which must be that event; its data.
  JsonObject event(std::string_view kind) {
    const JsonObject message = next();
    if (!message.contains("event") || message.at("event") != Json(kind)) {
      ADD_FAILURE() << "expected " << kind << ", got " << to_text(message);
      return {};
    }
    return message.at("data").as_object();
  }
  std::string text_of_message() {
    return std::string(event("message.created").at("message_text").as_string());
  }
  std::uint16_t close_code() { return socket_.receive().close_code(); }
  /// Everything before this has been received when it returns without a failure.
  void expect_silence() {
    say({{"type", "ping"}});
    EXPECT_EQ(next().at("type"), Json("pong"));
  }
  const std::string& cursor() const { return cursor_; }

 private:
  WebSocketClient socket_;
  std::string cursor_;
};

class StreamTest : public LiveAgentTest {
 protected:
  const std::string ann = server.user_token("ann@example.org");
  const std::string bob = server.user_token("bob@example.org");
  const TestAgent max = server.add_agent("Max");
  const TestAgent eva = server.add_agent("Eva");
  const TestAgent& admin() {
    if (!admin_) admin_ = server.add_agent("Ada", Role::Admin);
    return *admin_;
  }

 private:
  std::optional<TestAgent> admin_;
};
INSTANTIATE_TEST_SUITE_P(Engines, StreamTest, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(StreamTest, EverybodyWhoMaySeeAMessageIsToldOfItAndNobodyElse) {
  const std::string id = server.open_session(ann);
  Listener user(server, ann);
  Listener stranger(server, bob);
  Listener agent(server, max.token);
  for (Listener* each : {&user, &stranger, &agent}) {
    EXPECT_EQ(each->subscribe().at("recovered"), Json(true));
  }
  const JsonObject sent = server.send(ann, id, "user", "anybody there?");
  const JsonObject told = user.event("message.created");
  EXPECT_EQ(told.at("message_id"), sent.at("message_id"));
  EXPECT_EQ(told.at("message_text"), Json("anybody there?"));
  EXPECT_EQ(agent.text_of_message(), "anybody there?");
  stranger.expect_silence();
}

TEST_P(StreamTest, TheDataOfAMessageIsWhatTheApiAnswers) {
  const std::string id = server.open_session(ann);
  Listener agent(server, max.token);
  agent.subscribe();
  JsonObject sent = server.send(ann, id, "user", "größer 🙂");
  sent.erase("notification_sent");
  EXPECT_EQ(agent.event("message.created"), sent);
}

TEST_P(StreamTest, OpeningASessionIsASessionAndItsFirstMessage) {
  Listener agent(server, max.token);
  agent.subscribe();
  const std::string id = server.open_session(ann, "please help");
  const JsonObject session = agent.event("session.created");
  EXPECT_EQ(session.at("session_id"), Json(id));
  EXPECT_EQ(session.at("preview"), Json("please help"));
  EXPECT_EQ(agent.text_of_message(), "please help");
}

TEST_P(StreamTest, ClientThatComesBackGetsExactlyWhatItMissed) {
  const std::string id = server.open_session(ann);
  std::string cursor;
  {
    Listener agent(server, max.token);
    agent.subscribe();
    server.send(ann, id, "user", "seen");
    EXPECT_EQ(agent.text_of_message(), "seen");
    cursor = agent.cursor();
  }
  server.send(ann, id, "user", "missed 1");
  server.send(ann, id, "user", "missed 2");
  Listener again(server, max.token);
  EXPECT_EQ(again.subscribe({{"cursor", cursor}}).at("recovered"), Json(true));
  EXPECT_EQ(again.text_of_message(), "missed 1");
  EXPECT_EQ(again.text_of_message(), "missed 2");
  server.send(ann, id, "user", "live");
  EXPECT_EQ(again.text_of_message(), "live");
}

TEST_P(StreamTest, CursorThatCannotBeReachedIsToldHonestly) {
  Listener agent(server, max.token);
  EXPECT_EQ(agent.subscribe({{"cursor", "another-log:5"}}).at("recovered"), Json(false));
  Listener second(server, max.token);
  EXPECT_EQ(second.subscribe({{"cursor", "nonsense"}}).at("recovered"), Json(false));
}

TEST_P(StreamTest, TenThousandMissedEventsArriveInOrder) {
  constexpr int kMissed = 10'000;
  const std::string id = server.open_session(ann);
  Listener first(server, max.token);
  first.subscribe();
  const std::string cursor = first.cursor();
  const live_agent::SessionRow session = server.session(id);
  server.write([&](store::UnitOfWork& unit) {
    for (int i = 1; i <= kMissed; ++i) {
      live_agent::MessageRow message{.id = i, .session_id = id, .sender_type = "user"};
      unit.events.push_back(live_agent::message_created(session, message));
    }
  });
  Listener again(server, max.token);
  EXPECT_EQ(again.subscribe({{"cursor", cursor}}).at("recovered"), Json(true));
  for (int i = 1; i <= kMissed; ++i) {
    ASSERT_EQ(again.event("message.created").at("message_id"), Json(i));
  }
  server.send(ann, id, "user", "live");
  EXPECT_EQ(again.text_of_message(), "live");
}

TEST_P(StreamTest, EventsOfAnotherNodeArrive) {
  const LiveAgentServer second(server);
  const std::string id = server.open_session(ann);
  Listener agent(second, max.token);
  agent.subscribe();
  server.send(ann, id, "user", "over there");
  EXPECT_EQ(agent.text_of_message(), "over there");
  second.send(ann, id, "user", "here");
  EXPECT_EQ(agent.text_of_message(), "here");
}

TEST_P(StreamTest, MessageThatReopensASessionIsAChangeOfItsStatus) {
  const std::string id = server.open_session(ann);
  server.set_status(max.token, id, "active");
  server.set_status(max.token, id, "resolved");
  Listener agent(server, max.token);
  agent.subscribe();
  server.send(ann, id, "user", "it is broken again");
  EXPECT_EQ(agent.text_of_message(), "it is broken again");
  const JsonObject change = agent.event("session.status_changed");
  EXPECT_EQ(change.at("session_id"), Json(id));
  EXPECT_EQ(change.at("old_status"), Json("resolved"));
  EXPECT_EQ(change.at("status"), Json("active"));
  EXPECT_EQ(change.at("changed_by"), Json("user"));
  EXPECT_EQ(change.at("preview"), Json("it is broken again"));
  EXPECT_EQ(change.at("unread_count_agent"), Json(2));
  server.send(ann, id, "user", "hello?");
  EXPECT_EQ(agent.text_of_message(), "hello?");
  agent.expect_silence();
}

TEST_P(StreamTest, ServerStopsWhileAClientCatchesUp) {
  const std::string id = server.open_session(ann);
  Listener first(server, max.token);
  first.subscribe();
  const live_agent::SessionRow session = server.session(id);
  server.write([&](store::UnitOfWork& unit) {
    for (int i = 1; i <= 2000; ++i) {
      live_agent::MessageRow message{.id = i, .session_id = id, .sender_type = "user"};
      unit.events.push_back(live_agent::message_created(session, message));
    }
  });
  for (int i = 0; i < 5; ++i) {
    const auto second = std::make_unique<LiveAgentServer>(server);
    Listener behind(*second, max.token);
    EXPECT_EQ(behind.subscribe({{"cursor", first.cursor()}}).at("recovered"), Json(true));
  }
}

TEST_P(StreamTest, WhoLosesASessionHearsOfThatAndOfNothingAfter) {
  const std::string id = server.open_session(ann);
  server.set_status(max.token, id, "active");
  Listener loser(server, max.token);
  Listener taker(server, eva.token);
  loser.subscribe();
  taker.subscribe();
  server.ok(200, "PUT", live_agent("/sessions/" + id + "/status"), admin().token,
            json_of({{"status", "active"}, {"assigned_agent_id", eva.id}}));
  const JsonObject change = loser.event("session.status_changed");
  EXPECT_EQ(change.at("assigned_agent_id"), Json(eva.id));
  EXPECT_EQ(change.at("old_status"), Json("active"));
  EXPECT_EQ(change.at("changed_by"), Json("agent"));
  taker.event("session.status_changed");
  server.send(ann, id, "user", "for Eva");
  EXPECT_EQ(taker.text_of_message(), "for Eva");
  loser.expect_silence();
}

TEST_P(StreamTest, TopicsNarrowTheStream) {
  const std::string one = server.open_session(ann);
  const std::string other = server.open_session(ann);
  Listener user(server, ann);
  user.subscribe({{"topics", json::array{other}}});
  server.send(ann, one, "user", "not wanted");
  server.send(ann, other, "user", "wanted");
  EXPECT_EQ(user.text_of_message(), "wanted");
}

TEST_P(StreamTest, ReceiptsCarryTheCounters) {
  const std::string id = server.open_session(ann);
  Listener user(server, ann);
  Listener agent(server, max.token);
  user.subscribe();
  agent.subscribe();
  agent.say({{"type", "read"}, {"session_id", id}, {"id", 7}});
  const JsonObject receipt = user.event("messages.read");
  EXPECT_EQ(receipt.at("read_by"), Json("agent"));
  EXPECT_EQ(receipt.at("messages_updated"), Json(1));
  EXPECT_EQ(receipt.at("unread_count_agent"), Json(0));
  EXPECT_EQ(server.session(id).unread_count_agent, 0);
}

TEST_P(StreamTest, MessageSentOverTheStreamIsStoredAnsweredAndTold) {
  const std::string id = server.open_session(ann);
  Listener user(server, ann);
  Listener agent(server, max.token);
  user.subscribe();
  agent.say({{"type", "send"}, {"id", "m1"}, {"session_id", id}, {"message_text", "hello"}});
  const JsonObject answer = agent.next();
  EXPECT_EQ(answer.at("type"), Json("done"));
  EXPECT_EQ(answer.at("id"), Json("m1"));
  EXPECT_EQ(answer.at("data").at("sender_type"), Json("agent"));
  EXPECT_EQ(user.text_of_message(), "hello");
  EXPECT_EQ(server.rows<live_agent::MessageRow>().back().message_text, "hello");
}

TEST_P(StreamTest, WhatCannotBeDoneIsAnsweredWithItsProblem) {
  const std::string id = server.open_session(ann);
  Listener stranger(server, bob);
  stranger.say({{"type", "send"}, {"id", 1}, {"session_id", id}, {"message_text", "hi"}});
  JsonObject answer = stranger.next();
  EXPECT_EQ(answer.at("type"), Json("error"));
  EXPECT_EQ(answer.at("status"), Json(403));
  EXPECT_EQ(answer.at("id"), Json(1));
  stranger.say({{"type", "send"}, {"session_id", id}});
  EXPECT_EQ(stranger.next().at("status"), Json(422));
  stranger.say({{"type", "dance"}});
  EXPECT_EQ(stranger.next().at("status"), Json(422));
  stranger.say({{"type", "presence"}, {"is_online", true}});
  EXPECT_EQ(stranger.next().at("status"), Json(403));
}

TEST_P(StreamTest, TypingIsToldAndNotKept) {
  const std::string id = server.open_session(ann);
  Listener user(server, ann);
  Listener stranger(server, bob);
  Listener agent(server, max.token);
  user.subscribe();
  stranger.subscribe();
  agent.say({{"type", "typing"}, {"session_id", id}});
  const JsonObject told = user.next();
  EXPECT_EQ(told.at("event"), Json("typing"));
  EXPECT_EQ(told.at("transient"), Json(true));
  EXPECT_FALSE(told.contains("cursor"));
  EXPECT_EQ(told.at("data").at("name"), Json("Max"));
  stranger.expect_silence();
}

TEST_P(StreamTest, PresenceIsForAgents) {
  Listener user(server, ann);
  Listener agent(server, eva.token);
  user.subscribe();
  agent.subscribe();
  Listener self(server, max.token);
  self.say({{"type", "presence"}, {"is_online", true}, {"status", "busy"}});
  EXPECT_EQ(self.next().at("data").at("status"), Json("busy"));
  EXPECT_EQ(agent.event("presence").at("agent_id"), Json(max.email));
  user.expect_silence();
}

TEST_P(StreamTest, AgentWhoseAccountChangesIsSentToComeBack) {
  Listener agent(server, max.token);
  agent.subscribe();
  server.ok(200, "PATCH", live_agent("/agents/" + std::to_string(max.id)), admin().token,
            json_of({{"is_active", false}}));
  agent.event("agent.updated");
  EXPECT_EQ(agent.close_code(), 4008);
  EXPECT_ANY_THROW(Listener(server, max.token)) << "the account is not active any more";
}

TEST_P(StreamTest, ExpiredTokenEndsTheStream) {
  const std::string id = server.open_session(ann);
  const auto expires =
      std::chrono::floor<std::chrono::seconds>(server.clock.now()) + std::chrono::seconds(60);
  const std::string brief = server.token_with({{"email", "ann@example.org"},
                                               {"tenant_domain", kTenant},
                                               {"exp", expires.time_since_epoch().count()}});
  Listener user(server, brief);
  user.subscribe();
  server.clock.advance(std::chrono::seconds(61));
  server.send(ann, id, "user", "too late");
  EXPECT_EQ(user.close_code(), 4401);
}

TEST_P(StreamTest, NobodyListensWithoutAToken) {
  EXPECT_ANY_THROW(Listener(server, "forged"));
  EXPECT_EQ(server.call("GET", "/api/v1/events", "").status, 401);
}

TEST_P(StreamTest, BrowsersGiveTheTokenInTheQuery) {
  WebSocketClient socket(server.port(), "/api/v1/stream?access_token=" + ann);
  socket.send_text(R"({"type":"ping"})");
  EXPECT_THAT(socket.receive().payload, HasSubstr("pong"));
}

TEST_P(StreamTest, ServerSentEventsResumeByLastEventId) {
  const std::string id = server.open_session(ann);
  const JsonObject before = server.ok(200, "GET", "/api/v1/events", ann);
  server.send(ann, id, "user", "missed");
  EventStreamClient stream(server.port(), "/api/v1/events",
                           {{"Authorization", "Bearer " + ann},
                            {"Accept", "text/event-stream"},
                            {"Last-Event-ID", std::string(before.at("cursor").as_string())}});
  EXPECT_EQ(stream.next().event, "subscribed");
  const auto missed = stream.next();
  EXPECT_EQ(missed.event, "message.created");
  EXPECT_THAT(missed.data, HasSubstr("missed"));
  server.send(ann, id, "user", "live");
  EXPECT_THAT(stream.next().data, HasSubstr("live"));
}

TEST_P(StreamTest, PollingReadsTheSameEventsInPages) {
  const std::string id = server.open_session(ann);
  JsonObject page = server.ok(200, "GET", "/api/v1/events", ann);
  EXPECT_THAT(page.at("events").as_array(), IsEmpty());
  for (const char* text : {"a", "b", "c"}) server.send(ann, id, "user", text);
  const auto read_on = [&] {
    page = server.ok(200, "GET",
                     "/api/v1/events?limit=2&after=" + std::string(page.at("cursor").as_string()),
                     ann);
    std::vector<std::string> texts;
    for (const Json& event : page.at("events").as_array())
      texts.emplace_back(event.at("data").at("message_text").as_string());
    return texts;
  };
  EXPECT_THAT(read_on(), ElementsAre("a", "b"));
  EXPECT_EQ(page.at("has_more"), Json(true));
  EXPECT_THAT(read_on(), ElementsAre("c"));
  EXPECT_EQ(page.at("has_more"), Json(false));
  EXPECT_THAT(read_on(), IsEmpty());
}

}  // namespace
}  // namespace parley::test
