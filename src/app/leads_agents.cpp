#include "app/leads_agents.h"

#include "app/modules.h"
#include "base/clock.h"
#include "database/transaction.h"
#include "leads/tables.h"
#include "store/query.h"

namespace parley::app {

void put_demo_leads_agent(const Configuration& configuration) {
  const auto connection =
      open_namespace(configuration, "leads", database::Connection::Create::Never);
  database::Transaction transaction(*connection);
  const auto is_active = store::equals<&leads::AgentRow::is_active>(true);
  if (!store::exists(*connection, is_active)) {
    const Timestamp now = std::chrono::floor<std::chrono::seconds>(SystemClock().now());
    store::insert(*connection,
                  leads::AgentRow{.name = "Sarah Williams",
                                  .type = "conversational",
                                  .use_case = "general_sales",
                                  .prompt_template =
                                      "You are {{agent_name}}, who answers {{lead_name}} about "
                                      "{{service_requested}}. Be brief and friendly.",
                                  .model = "gpt-3.5-turbo",
                                  .temperature = "0.7",
                                  .max_tokens = 500,
                                  .triggers = json::array{"new_lead"},
                                  .is_active = true,
                                  .created_at = now,
                                  .updated_at = now});
  }
  transaction.commit();
}

}  // namespace parley::app
