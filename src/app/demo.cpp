#include "app/demo.h"

#include <fmt/format.h>

#include <filesystem>

#include "app/chat_accounts.h"
#include "app/http_settings.h"
#include "app/leads_agents.h"
#include "app/live_agent_accounts.h"
#include "base/error.h"
#include "base/ids.h"

namespace parley::app {
namespace {

constexpr const char* kAgentEmail = "demo@localhost.example";
constexpr const char* kCustomerEmail = "customer@localhost.example";

}  // namespace

void open_for_demo(Configuration::Flags& flags) {
  const Configuration configuration = Configuration::load(flags);
  if (!listens_on_loopback(configuration)) {
    throw Error(ErrorCode::InvalidConfiguration,
                fmt::format("--dev serves without tokens, so it does not listen on {}",
                            configuration.text("listen")),
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
  put_demo_leads_agent(configuration);
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

A lead from a platform, its message, and what is to be delivered to it:

  curl -s {address}/api/webhooks/zapier/yelp-lead-created -d '{{"id": "demo-lead", "business_id": "demo", "conversation_id": "demo-conversation", "time_created": "now", "last_event_time": "now", "user": {{"display_name": "Maria Lopez"}}, "project": {{"job_names": ["Kitchen Renovation"]}}}}'
  curl -s {address}/api/webhooks/zapier/yelp-message-received -d '{{"yelp_lead_id": "demo-lead", "conversation_id": "demo-conversation", "message_content": "How much would it cost?", "sender": "customer", "timestamp": "now"}}'
  curl -s {address}/api/webhooks/zapier/get-agent-responses/demo-lead

)demo",
                     fmt::arg("email", kAgentEmail), fmt::arg("password", password),
                     fmt::arg("customer", customer), fmt::arg("agent", agent),
                     fmt::arg("address", address), fmt::arg("account", chat.account_id),
                     fmt::arg("data_agent", chat.agent_id));
}

}  // namespace parley::app
