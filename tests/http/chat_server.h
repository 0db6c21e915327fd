#pragma once

// A chat server for one test, with the verbs of its members, and an answerer that a test tells what
// to say and when. One thread, unless said otherwise.

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "chat/module.h"
#include "http/module_server.h"

namespace parley::test {

/// Says what it is told: by default `Answer to: ` and the question, in two pieces. Any thread.
class ScriptedAnswerer final : public chat::Answerer {
 public:
  using Script = std::function<chat::Answer(const chat::Question&, const ai::OnDelta&)>;

  bool lacks_key(const chat::AgentRow&) const override;
  chat::Answer answer(const chat::Question& question, const ai::OnDelta& on_delta,
                      const Cancellation& cancellation) override;

  void script(Script script);
  void lack_key();

  /// From now on every answer waits after its first piece, until `go_on`.
  void hold();
  void go_on();
  /// Waits until so many answers have begun; false when they do not within ten seconds.
  bool wait_for_begun(std::size_t count);

  std::vector<chat::Question> questions() const;

 private:
  void wait(const Cancellation& cancellation);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Script script_;
  std::vector<chat::Question> questions_;
  std::size_t begun_ = 0;
  bool lacks_key_ = false;
  bool is_held_ = false;
};

/// A member of an account with a token.
struct Member {
  std::string user_id;
  std::string email;
  std::string account_id;
  std::string token;
};

/// Starts before the server and ends after it.
struct ChatAnswering {
  ScriptedAnswerer answerer;
};

class ChatServer : private ChatAnswering, public ModuleServer {
 public:
  explicit ChatServer(TestEngine engine, const chat::Settings& settings = default_settings());
  /// Another node on the database of `first`, with its settings and a clock of its own.
  explicit ChatServer(const ChatServer& first);

  static chat::Settings default_settings();

  ScriptedAnswerer& answers() { return answerer; }

  /// A new account with its owner, whose password is `kPassword`.
  Member add_owner(const std::string& name);
  Member add_member(const Member& owner, const std::string& name, chat::Role role,
                    const std::optional<Json>& agents = {});
  std::string token_with(JsonObject claims) const;

  /// Makes an agent and returns its id.
  std::string add_agent(const Member& member, const std::string& name = "Sales") const;
  /// Begins a chat and returns its path: `/chats/…/…/…`.
  std::string begin_chat(const Member& member, const std::string& agent_id) const;
  /// Sends a message and returns the answer. Any thread.
  JsonObject send(const Member& member, const std::string& chat, std::string_view content) const;

  void expect_error_shape(const HttpAnswer& answer) const override;

 private:
  ChatServer(std::shared_ptr<TestDatabase> database, const chat::Settings& settings);

  Member signed_in(const chat::UserRow& user, const std::string& account_id) const;

  chat::Settings settings_;
};

/// The base of the suites that run on every engine.
class ChatTest : public testing::TestWithParam<TestEngine> {
 protected:
  ChatServer server{GetParam()};
  Member owner = server.add_owner("Olga");
  std::string agent = server.add_agent(owner);

  std::string chats() const { return "/chats/" + owner.account_id + "/" + agent; }
  std::string agents() const { return "/agents/" + owner.account_id; }
};

/// A configuration that will do.
JsonObject db_config();
JsonObject powerbi_config();
std::string new_agent_body(const std::string& name);

/// What stands under a name, as text.
std::string text_at(const JsonObject& object, std::string_view name);

}  // namespace parley::test
