#include "http/chat_server.h"

#include "base/text.h"
#include "chat/members.h"
#include "chat/sign_up.h"
#include "http/jwt.h"

namespace parley::test {
namespace {

constexpr std::chrono::seconds kPatience{10};

ModuleSchema declared_schema() {
  ModuleSchema schema{.enums = chat::core_enums(), .tables = chat::core_tables()};
  schema.add(chat::support_tables());
  return schema;
}

/// What the routes answer is what they are told.
chat::SourceLooks test_looks() {
  return {.check_connection =
              [](std::string_view type, const Json&, const Cancellation&) {
                return JsonObject{{"connected", true},       {"message", type},
                                  {"workspace_id", nullptr}, {"dataset_id", nullptr},
                                  {"table_count", 2},        {"database_name", nullptr},
                                  {"host", nullptr},         {"error", nullptr}};
              },
          .get_schema =
              [](std::string_view type, const Json&, const Cancellation&) {
                return JsonObject{{"success", true},
                                  {"message", type},
                                  {"data", JsonObject{{"tables", json::array{}}}},
                                  {"error", nullptr}};
              }};
}

chat::Answer plain_answer(const chat::Question& question, const ai::OnDelta& on_delta) {
  chat::Answer answer;
  answer.content = "Answer to: " + question.text;
  if (on_delta) {
    on_delta("Answer to: ");
    on_delta(question.text);
  }
  return answer;
}

}  // namespace

bool ScriptedAnswerer::lacks_key(const chat::AgentRow&) const {
  const std::scoped_lock lock(mutex_);
  return lacks_key_;
}

chat::Answer ScriptedAnswerer::answer(const chat::Question& question, const ai::OnDelta& on_delta,
                                      const Cancellation& cancellation) {
  Script script;
  {
    const std::scoped_lock lock(mutex_);
    questions_.push_back(question);
    script = script_;
  }
  bool is_first = true;
  const auto delta = [&](std::string_view piece) {
    if (on_delta) on_delta(piece);
    if (std::exchange(is_first, false)) wait(cancellation);
  };
  chat::Answer answer = script ? script(question, delta) : plain_answer(question, delta);
  if (cancellation.is_cancelled()) return chat::error_answer("cancelled");
  return answer;
}

void ScriptedAnswerer::wait(const Cancellation& cancellation) {
  const auto subscription = cancellation.on_cancel([this] {
    const std::scoped_lock lock(mutex_);
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  ++begun_;
  changed_.notify_all();
  changed_.wait_for(lock, kPatience, [&] { return !is_held_ || cancellation.is_cancelled(); });
}

void ScriptedAnswerer::script(Script script) {
  const std::scoped_lock lock(mutex_);
  script_ = std::move(script);
}

void ScriptedAnswerer::lack_key() {
  const std::scoped_lock lock(mutex_);
  lacks_key_ = true;
}

void ScriptedAnswerer::hold() {
  const std::scoped_lock lock(mutex_);
  is_held_ = true;
}

void ScriptedAnswerer::go_on() {
  const std::scoped_lock lock(mutex_);
  is_held_ = false;
  changed_.notify_all();
}

bool ScriptedAnswerer::wait_for_begun(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return begun_ >= count; });
}

std::vector<chat::Question> ScriptedAnswerer::questions() const {
  const std::scoped_lock lock(mutex_);
  return questions_;
}

ChatServer::ChatServer(std::shared_ptr<TestDatabase> database, const chat::Settings& settings)
    : ModuleServer(std::move(database),
                   [this, settings](const api::ModuleParts& parts) {
                     return std::make_unique<chat::Module>(settings, parts, answerer, test_looks());
                   }),
      settings_(settings) {}

ChatServer::ChatServer(TestEngine engine, const chat::Settings& settings)
    : ChatServer(database_with(engine, declared_schema()), settings) {}

ChatServer::ChatServer(const ChatServer& first) : ChatServer(first.database(), first.settings_) {}

chat::Settings ChatServer::default_settings() {
  chat::Settings settings;
  settings.jwt_secret = "a secret for tests";
  settings.accepted_issuers = {"locimapper-api"};
  settings.app_base_url = "https://app.example";
  settings.runs.look_every = std::chrono::milliseconds(20);
  settings.runs.patience = std::chrono::milliseconds(100);
  settings.limits = {.logins_per_minute = 0, .messages_per_minute = 0, .embed_per_minute = 0};
  return settings;
}

std::string ChatServer::token_with(JsonObject claims) const {
  return http::sign_jwt(claims, settings_.jwt_secret);
}

Member ChatServer::signed_in(const chat::UserRow& user, const std::string& account_id) const {
  chat::MembershipRow membership;
  membership.user_id = user.id;
  membership.account_id = account_id;
  return {.user_id = user.id,
          .email = user.email,
          .account_id = account_id,
          .token = chat::make_access_token(settings_, membership, clock.now())};
}

Member ChatServer::add_owner(const std::string& name) {
  chat::UserRow user;
  chat::AccountRow account;
  write([&](store::UnitOfWork& unit) {
    user = chat::add_verified_user(unit.connection, lower(name) + "@acme.example",
                                   hash_of_test_password(), clock.now());
    account = chat::found_account(unit.connection, name + " Ltd", user, clock.now());
  });
  return signed_in(user, account.id);
}

Member ChatServer::add_member(const Member& owner, const std::string& name, chat::Role role,
                              const std::optional<Json>& agents) {
  chat::UserRow user;
  write([&](store::UnitOfWork& unit) {
    user = chat::add_verified_user(unit.connection, lower(name) + "@acme.example",
                                   hash_of_test_password(), clock.now());
    chat::add_member(unit.connection, owner.account_id, user.id, role, agents, clock.now());
  });
  return signed_in(user, owner.account_id);
}

std::string ChatServer::add_agent(const Member& member, const std::string& name) const {
  const auto made =
      ok(201, "POST", "/agents/" + member.account_id, member.token, new_agent_body(name));
  return text_at(made, "id");
}

std::string ChatServer::begin_chat(const Member& member, const std::string& agent_id) const {
  const std::string chats = "/chats/" + member.account_id + "/" + agent_id;
  return chats + "/" + text_at(ok(201, "POST", chats, member.token), "id");
}

JsonObject ChatServer::send(const Member& member, const std::string& chat,
                            std::string_view content) const {
  return ok(201, "POST", chat + "/messages", member.token, json_of({{"content", content}}));
}

void ChatServer::expect_error_shape(const HttpAnswer& answer) const {
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  const Json body = answer.json();
  ASSERT_TRUE(body.is_object());
  for (const std::string_view field :
       {"type", "title", "status", "code", "instance", "detail", "message"}) {
    EXPECT_TRUE(body.get_object().contains(field)) << field;
  }
  EXPECT_FALSE(body.at("message").get_string().empty());
  EXPECT_EQ(body.at("detail").is_array(), answer.status == 422);
  if (answer.status == 422) return;
  EXPECT_EQ(body.at("detail"), body.at("message"));
}

JsonObject db_config() {
  return {{"host", "db.example"}, {"username", "reader"}, {"database", "shop"},
          {"password", "pw"},     {"port", 5432},         {"database_type", "postgresql"}};
}

JsonObject powerbi_config() {
  return {{"tenant_id", "t"},
          {"client_id", "c"},
          {"workspace_id", "w"},
          {"dataset_id", "d"},
          {"client_secret", "s"}};
}

std::string new_agent_body(const std::string& name) {
  return json_of({{"name", name}, {"connection_type", "DB"}, {"connection_config", db_config()}});
}

std::string text_at(const JsonObject& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

}  // namespace parley::test
