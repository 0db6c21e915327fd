#pragma once

// A leads server for one test; see module_server.h. Agents speak fixed texts, unless the test gives
// a model. One thread, unless said otherwise.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ai/openai_model.h"
#include "http/client.h"
#include "http/module_server.h"
#include "leads/module.h"
#include "leads/tables.h"
#include "support/fake_model_server.h"

namespace parley::test {

/// The model behind a fake server, as `ai.base_url` would have it.
std::shared_ptr<ai::LanguageModel> model_at(const FakeModelServer& server);

class LeadsServer : public ModuleServer {
 public:
  explicit LeadsServer(TestEngine engine, const leads::Settings& settings = default_settings(),
                       std::shared_ptr<ai::LanguageModel> model = nullptr);
  /// Another node on the database of `first`, with its settings and model and a clock of its own.
  explicit LeadsServer(const LeadsServer& first);

  /// Open, without limits; looks for jobs every 20 milliseconds.
  static leads::Settings default_settings();

  /// Stores an agent as the original's databases have them, changed by `change`.
  leads::AgentRow add_agent(const std::string& name,
                            const std::function<void(leads::AgentRow&)>& change = nullptr);
  /// One that new leads open a session with.
  leads::AgentRow add_greeter(const std::string& name);
  leads::LeadRow add_lead(const std::string& name, const std::string& external_id = {});

  /// A 200 answer of the endpoint; any thread.
  JsonObject get(const std::string& path) const { return ok(200, "GET", path, ""); }
  JsonObject post(const std::string& path, const JsonObject& body) const {
    return ok(200, "POST", path, "", to_text(body));
  }

  /// The platform tells of a lead. Any thread.
  JsonObject lead_created(const std::string& external_id,
                          const std::string& name = "Maria Lopez") const;
  /// The platform tells of a message of it. Any thread.
  JsonObject message_received(const std::string& external_id, const std::string& text,
                              const std::string& sender = "customer") const;
  /// POST /api/messages/route. Any thread.
  JsonObject route(std::int64_t lead_id, const std::string& text, JsonObject metadata = {}) const;

  leads::AgentSessionRow session(std::int64_t id);
  leads::LeadRow lead(std::int64_t id);
  leads::AgentRow agent(std::int64_t id);
  /// The messages that are stored, in the order of a conversation.
  std::vector<leads::MessageRow> messages();
  /// Their texts.
  std::vector<std::string> texts();
  /// The kinds of the events of a topic, in order.
  std::vector<std::string> events(const std::string& topic);

  /// True once the condition holds; false when it does not within ten seconds.
  static bool becomes(const std::function<bool()>& condition);

  leads::Module& leads_module() { return static_cast<leads::Module&>(module()); }

  void expect_error_shape(const HttpAnswer& answer) const override;

 private:
  LeadsServer(const std::shared_ptr<TestDatabase>& database, const leads::Settings& settings,
              std::shared_ptr<ai::LanguageModel> model);

  leads::Settings settings_;
  std::shared_ptr<ai::LanguageModel> model_;
};

/// The base of the suites that run on every engine.
class LeadsTest : public testing::TestWithParam<TestEngine> {
 protected:
  LeadsServer server{GetParam()};
};

/// The base of those in which a model speaks.
class LeadsModelTest : public testing::TestWithParam<TestEngine> {
 protected:
  FakeModelServer model;
  LeadsServer server{GetParam(), LeadsServer::default_settings(), model_at(model)};
};

/// What the platform sends for a lead.
JsonObject platform_lead(const std::string& external_id, const std::string& name = "Maria Lopez");
JsonObject platform_message(const std::string& external_id, const std::string& text,
                            const std::string& sender = "customer");

std::string text_at(const JsonObject& object, std::string_view field);
std::int64_t number_at(const JsonObject& object, std::string_view field);

inline const std::string kLeadCreatedPath = "/api/webhooks/zapier/yelp-lead-created";
inline const std::string kMessageReceivedPath = "/api/webhooks/zapier/yelp-message-received";

}  // namespace parley::test
