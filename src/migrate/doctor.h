#pragma once

// Looks at everything that can keep a namespace from working, in the order in which one would ask,
// and says of each what is wrong and which command goes on. Reads only.

#include <string>
#include <string_view>
#include <vector>

#include "migrate/deployment.h"

namespace parley::migrate {

enum class Health { Good, Attention, Broken };
std::string_view name_of(Health health);

struct Symptom {
  std::string subject;  ///< `connection`, `privileges`, `version`, `lock`, `half-done work`…
  Health health = Health::Good;
  std::string finding;  ///< One sentence.
  std::string command;  ///< What to run next; empty when there is nothing to do.
};

/// What there is to say about the namespace, good or bad. Never throws for what it finds; throws
/// what the connection throws when it is lost.
std::vector<Symptom> diagnose(Deployment& deployment);

}  // namespace parley::migrate
