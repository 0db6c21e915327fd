#include "app/ready_namespace.h"

#include "app/modules.h"
#include "app/target.h"
#include "base/clock.h"
#include "migrate/deployment.h"

namespace parley::app {

std::unique_ptr<database::Connection> open_ready(const Configuration& configuration,
                                                 const std::string& module) {
  const SystemClock clock;
  auto connection = open_namespace(configuration, module, database::Connection::Create::IfMissing);
  const auto definition = definition_of(module);
  migrate::Deployment deployment(*connection, definition, clock);
  migrate::upgrade_all(deployment, execute_options(configuration));
  return connection;
}

}  // namespace parley::app
