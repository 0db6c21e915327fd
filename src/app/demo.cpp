#include "app/demo.h"

#include <fmt/format.h>

#include <filesystem>

#include "app/chat_accounts.h"
#include "app/live_agent_accounts.h"
#include "base/error.h"
#include "base/ids.h"

namespace parley::app {
namespace {

constexpr const char* kAgentEmail = "demo@localhost.example";
constexpr const char* kCustomerEmail = "customer@localhost.example";

bool is_loopback(const std::string& listen) {
  return listen.starts_with("127.") || listen.starts_with("localhost:") ||
         listen.starts_with("[::1]:");
}

}  // namespace

void open_for_demo(Configuration::Flags& flags) {
  const Configuration configuration = Configuration::load(flags);
  const std::string listen = configuration.text("listen");
  if (!is_loopback(listen)) {
    throw Error(ErrorCode::InvalidConfiguration,
                fmt::format("--dev serves without tokens, so it does not listen on {}", listen),
                "Use a loopback address such as 127.0.0.1:8000, or serve without --dev.");
  }
  flags.settings["live_agent.dev_open"] = "true";
  // The demo agent of chat asks a file that the server itself keeps.
  if (!configuration.is_set("chat.sqlite_dirs")) {
    flags.settings["chat.sqlite_dirs"] =
        std::filesystem::absolute(configuration.data_directory()).string();
  }
}

std::string prepare_demo(const Configuration& configuration, const std::string& address) {
  const std::string password = random_hex(8);
  put_agent(
      configuration,
      {.email = kAgentEmail, .name = "Demo Agent", .role = "supervisor", .password = password});
  const auto agent = create_token(
      configuration, {.email = kAgentEmail, .name = "Demo Agent", .role = "supervisor"});
  const auto customer = create_token(
      configuration, {.email = kCustomerEmail, .name = "Demo Customer", .role = "user"});
  const ChatDemo chat = put_chat_demo(configuration, kAgentEmail, password);
  return fmt::format(R"demo(
Development mode: loopback requests without a token may read. Nothing here is safe for real use.

Demo agent:  {email}
Password:    {password}

Try it:

  USER_TOKEN={customer}
  AGENT_TOKEN={agent}

  curl -s '{address}/api/v1/live-agent/sessions?page=1&per_page=20'
  curl -s {address}/api/v1/live-agent/sessions -H "Authorization: Bearer $USER_TOKEN" -d '{{"initial_message": "Hello"}}'
  curl -s {address}/api/v1/auth/login -d '{{"email": "{email}", "password": "{password}"}}'

Chat about data, signed in as {email}:

  CHAT_TOKEN=$(curl -s {address}/auth/login -d '{{"email": "{email}", "password": "{password}"}}' | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
  CHATS={address}/chats/{account}/{data_agent}
  CHAT=$(curl -s $CHATS -H "Authorization: Bearer $CHAT_TOKEN" -d '{{"title": "Test Chat"}}' | sed 's/.*"id":"\([^"]*\)".*/\1/')
  curl -s $CHATS/$CHAT/messages -H "Authorization: Bearer $CHAT_TOKEN" -d '{{"content": "Hello!"}}'

)demo",
                     fmt::arg("email", kAgentEmail), fmt::arg("password", password),
                     fmt::arg("customer", customer), fmt::arg("agent", agent),
                     fmt::arg("address", address), fmt::arg("account", chat.account_id),
                     fmt::arg("data_agent", chat.agent_id));
}

}  // namespace parley::app
