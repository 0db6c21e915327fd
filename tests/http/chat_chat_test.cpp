// Chats: making, listing, showing, renaming and deleting them, and the order in which a request is
// checked.

#include "base/ids.h"
#include "http/chat_server.h"

namespace parley::test {
namespace {

using chat::ChatMessageRow;
using chat::ChatRow;
using chat::Role;

class Chats : public ChatTest {
 protected:
  std::size_t count_of(const std::string& body) const {
    return parse_json(body).at("chats").as_array().size();
  }
};

TEST_P(Chats, AreMadeWithEveryKey) {
  const JsonObject made = server.ok(201, "POST", chats(), owner.token);
  EXPECT_EQ(made.size(), 8U);
  EXPECT_EQ(made.at("title"), "New Chat");
  EXPECT_EQ(text_at(made, "agent_id"), agent);
  EXPECT_EQ(text_at(made, "user_id"), owner.user_id);
  EXPECT_EQ(text_at(made, "account_id"), owner.account_id);
  EXPECT_EQ(made.at("created_at"), "2025-03-15T10:00:00.000000+00:00");
  EXPECT_EQ(made.at("updated_at"), made.at("created_at"));
  EXPECT_TRUE(made.at("message_count").is_null());
  EXPECT_EQ(text_at(made, "id").at(14), '7');
}

TEST_P(Chats, TakeATitleOrTheDefault) {
  const auto title = [&](const std::string& body) {
    return text_at(server.ok(201, "POST", chats(), owner.token, body), "title");
  };
  EXPECT_EQ(title(R"({"title":"Mine"})"), "Mine");
  EXPECT_EQ(title(R"({"title":""})"), "New Chat");
  EXPECT_EQ(title(R"({"title":null})"), "New Chat");
  EXPECT_EQ(title(json_of({{"title", "x"}, {"agent_id", agent}})), "x");
  const std::string longest(255, 'x');
  EXPECT_EQ(title(json_of({{"title", longest}})), longest);
  play(server,
       {{"256", "POST", chats(), owner.token, json_of({{"title", longest + "x"}}), 422, {}, {}, {}},
        {"another agent",
         "POST",
         chats(),
         owner.token,
         json_of({{"agent_id", make_uuid()}}),
         400,
         {"Agent ID mismatch"},
         {},
         {}}});
}

TEST_P(Chats, AreListedByTheNewestChangeInParts) {
  const std::string first = server.begin_chat(owner, agent);
  server.clock.advance(std::chrono::seconds(1));
  const std::string second = server.begin_chat(owner, agent);
  server.clock.advance(std::chrono::seconds(1));
  server.send(owner, first, "Hello");
  const JsonObject all = server.ok(200, "GET", chats(), owner.token);
  EXPECT_EQ(all.at("total"), 2);
  EXPECT_TRUE(first.ends_with(all.at("chats").at(0).at("id").as_string()));
  EXPECT_EQ(all.at("chats").at(0).at("message_count"), 2);
  EXPECT_EQ(all.at("chats").at(1).at("message_count"), 0);
  const JsonObject part = server.ok(200, "GET", chats() + "?skip=1&limit=1", owner.token);
  EXPECT_EQ(part.at("total"), 2);
  ASSERT_EQ(part.at("chats").as_array().size(), 1U);
  EXPECT_TRUE(second.ends_with(part.at("chats").at(0).at("id").as_string()));
  EXPECT_EQ(count_of(server.call("GET", chats() + "?skip=2", owner.token).body), 0U);
  for (const char* query : {"?limit=0", "?limit=1001", "?skip=-1", "?limit=x"}) {
    play(server,
         {{query, "GET", chats() + query, owner.token, "", 422, {R"("loc":["query")"}, {}, {}}});
  }
}

TEST_P(Chats, ShowWhatWasSaidOldestFirst) {
  const std::string chat = server.begin_chat(owner, agent);
  server.send(owner, chat, "One");
  server.send(owner, chat, "Two");
  const JsonObject shown = server.ok(200, "GET", chat, owner.token);
  EXPECT_EQ(shown.size(), 8U);
  const json::array& messages = shown.at("messages").as_array();
  ASSERT_EQ(messages.size(), 4U);
  const char* expected[] = {"One", "Answer to: One", "Two", "Answer to: Two"};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(messages[i].at("content"), expected[i]);
  EXPECT_EQ(messages[0].at("role"), "user");
  EXPECT_EQ(messages[1].at("role"), "assistant");
}

TEST_P(Chats, AreRenamed) {
  const std::string chat = server.begin_chat(owner, agent);
  server.clock.advance(std::chrono::seconds(5));
  EXPECT_EQ(server.ok(200, "PATCH", chat, owner.token, "{}").at("updated_at"),
            "2025-03-15T10:00:00.000000+00:00");
  const JsonObject renamed = server.ok(200, "PATCH", chat, owner.token, R"({"title":"Mine"})");
  EXPECT_EQ(renamed.at("title"), "Mine");
  EXPECT_EQ(renamed.at("updated_at"), "2025-03-15T10:00:05.000000+00:00");
  EXPECT_EQ(server.ok(200, "PATCH", chat, owner.token, R"({"title":""})").at("title"), "New Chat");
}

TEST_P(Chats, AreDeletedWithAllThatWasSaid) {
  const std::string chat = server.begin_chat(owner, agent);
  server.send(owner, chat, "Hello");
  const JsonObject gone = server.ok(200, "DELETE", chat, owner.token);
  EXPECT_EQ(gone, (JsonObject{{"ok", true}, {"message", "Chat deleted successfully"}}));
  EXPECT_TRUE(server.rows<ChatRow>().empty());
  EXPECT_TRUE(server.rows<ChatMessageRow>().empty());
  EXPECT_EQ(server.call("GET", chat, owner.token).status, 404);
}

TEST_P(Chats, OfOthersDoNotExist) {
  const Member mia = server.add_member(owner, "Mia", Role::Admin);
  const std::string chat = server.begin_chat(owner, agent);
  const char* detail = "Chat not found";
  play(
      server,
      {{"show", "GET", chat, mia.token, "", 404, {detail}, {}, {}},
       {"rename", "PATCH", chat, mia.token, R"({"title":"x"})", 404, {detail}, {}, {}},
       {"delete", "DELETE", chat, mia.token, "", 404, {detail}, {}, {}},
       {"send", "POST", chat + "/messages", mia.token, R"({"content":"x"})", 404, {detail}, {}, {}},
       {"list", "GET", chats(), mia.token, "", 200, {R"("total":0)"}, {}, {}}});
  EXPECT_EQ(server.rows<ChatRow>().size(), 1U);
}

/// The table of the order: of two things that are wrong, the earlier one is told.
TEST_P(Chats, AreCheckedInOrder) {
  const Member stranger = server.add_owner("Sven");
  const Member viewer = server.add_member(owner, "Vera", Role::Viewer);
  const Member restricted =
      server.add_member(owner, "Rita", Role::Member, json::array{make_uuid()});
  const std::string none = make_uuid();
  const std::string of_none = "/chats/" + owner.account_id + "/" + none;
  const std::string message = chats() + "/" + none + "/messages";
  const char* bad = R"({"content":""})";
  const char* good = R"({"content":"x"})";
  play(
      server,
      {{"401 before a bad path", "GET", "/chats/x/y", "", "", 401, {}, {}, {}},
       {"422 for the path before membership",
        "GET",
        "/chats/" + owner.account_id + "/y",
        stranger.token,
        "",
        422,
        {R"("loc":["path","agent_id"])", R"("input":"y")"},
        {},
        {}},
       {"membership before the body",
        "POST",
        message,
        stranger.token,
        bad,
        403,
        {"Not a member"},
        {},
        {}},
       {"the body before the agent",
        "POST",
        of_none,
        owner.token,
        R"({"title":7})",
        422,
        {},
        {},
        {}},
       {"the query before the agent",
        "GET",
        of_none + "?limit=0",
        owner.token,
        "",
        422,
        {},
        {},
        {}},
       {"create: 404 before 403",
        "POST",
        of_none,
        restricted.token,
        "",
        404,
        {"Agent not found"},
        {},
        {}},
       {"create: then 403",
        "POST",
        chats(),
        restricted.token,
        "",
        403,
        {"You do not have access to this agent"},
        {},
        {}},
       {"list: 404 before 403", "GET", of_none, restricted.token, "", 404, {}, {}, {}},
       {"show: then 403", "GET", chats() + "/" + none, restricted.token, "", 403, {}, {}, {}},
       {"send: 403 before 404",
        "POST",
        of_none + "/" + none + "/messages",
        restricted.token,
        good,
        403,
        {"You do not have access"},
        {},
        {}},
       {"send: then the agent",
        "POST",
        of_none + "/" + none + "/messages",
        owner.token,
        good,
        404,
        {"Agent not found"},
        {},
        {}},
       {"send: the body before both", "POST", message, restricted.token, bad, 422, {}, {}, {}},
       {"rename: only 403", "PATCH", chats() + "/" + none, restricted.token, "{}", 403, {}, {}, {}},
       {"rename: no agent is no chat",
        "PATCH",
        of_none + "/" + none,
        owner.token,
        "{}",
        404,
        {"Chat not found"},
        {},
        {}},
       {"then the chat", "POST", message, owner.token, good, 404, {"Chat not found"}, {}, {}},
       {"a viewer may chat", "POST", chats(), viewer.token, "", 201, {}, {}, {}}});
  server.answers().lack_key();
  play(server, {{"the chat before the key", "POST", message, owner.token, good, 404, {}, {}, {}},
                {"then the key",
                 "POST",
                 server.begin_chat(owner, agent) + "/messages",
                 owner.token,
                 good,
                 400,
                 {"AI key is required"},
                 {},
                 {}}});
  EXPECT_TRUE(server.rows<ChatMessageRow>().empty());
}

TEST_P(Chats, RefuseWhatCannotBeStored) {
  const std::string chat = server.begin_chat(owner, agent);
  const std::string path = chat + "/messages";
  const std::string too_long = json_of({{"content", std::string(100'001, 'x')}});
  play(server,
       {{"empty",
         "POST",
         path,
         owner.token,
         R"({"content":""})",
         422,
         {R"("loc":["body","content"])"},
         {},
         {}},
        {"missing", "POST", path, owner.token, "{}", 422, {}, {}, {}},
        {"null", "POST", path, owner.token, R"({"content":null})", 422, {}, {}, {}},
        {"a number", "POST", path, owner.token, R"({"content":7})", 422, {R"("input":7)"}, {}, {}},
        {"no bytes", "POST", path, owner.token, "", 422, {}, {}, {}},
        {"no object", "POST", path, owner.token, "[]", 422, {}, {}, {}},
        {"too long", "POST", path, owner.token, too_long, 422, {}, {}, {}},
        {"a zero", "POST", path, owner.token, R"({"content":"a\u0000b"})", 422, {}, {}, {}},
        {"no UTF-8", "POST", path, owner.token, "{\"content\":\"\xff\"}", 422, {}, {}, {}}});
  EXPECT_TRUE(server.rows<ChatMessageRow>().empty());
  EXPECT_EQ(
      server.call("POST", path, owner.token, json_of({{"content", std::string(1 << 20, 'x')}}))
          .status,
      413);
  server.ok(201, "POST", path, owner.token, json_of({{"content", std::string(100'000, 'x')}}));
}

TEST_P(Chats, GoWithTheirUserAndTheirAccount) {
  const Member mia = server.add_member(owner, "Mia", Role::Member);
  server.send(mia, server.begin_chat(mia, agent), "Hello");
  server.send(owner, server.begin_chat(owner, agent), "Hello");
  server.write([&](store::UnitOfWork& unit) {
    store::erase(unit.connection, store::equals<&chat::UserRow::id>(mia.user_id));
  });
  EXPECT_EQ(server.rows<ChatRow>().size(), 1U);
  EXPECT_EQ(server.rows<ChatMessageRow>().size(), 2U);
  server.write([&](store::UnitOfWork& unit) {
    store::erase(unit.connection, store::equals<&chat::UserRow::id>(owner.user_id));
  });
  EXPECT_TRUE(server.rows<ChatRow>().empty());
  EXPECT_EQ(server.rows<chat::AccountRow>().at(0).owner_user_id, std::nullopt);
  server.write([&](store::UnitOfWork& unit) {
    store::erase(unit.connection, store::equals<&chat::AccountRow::id>(owner.account_id));
  });
  EXPECT_TRUE(server.rows<chat::AgentRow>().empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, Chats, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
