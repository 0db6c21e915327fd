#include "app/served_modules.h"

#include <array>

#include "app/language_model.h"
#include "app/leads_settings.h"
#include "app/live_agent_settings.h"
#include "app/outreach_settings.h"
#include "app/served_chat.h"
#include "base/check.h"
#include "leads/module.h"
#include "live_agent/module.h"
#include "outreach/module.h"

namespace parley::app {
namespace {

using Made = std::unique_ptr<api::ServedModule>;

Made make_live_agent(const Configuration& configuration, const api::ModuleParts& parts) {
  return std::make_unique<live_agent::Module>(live_agent_settings(configuration), parts.store,
                                              parts.clock, parts.passwords);
}

Made make_leads(const Configuration& configuration, const api::ModuleParts& parts) {
  return std::make_unique<leads::Module>(leads_settings(configuration), parts,
                                         language_model(configuration, parts.clock));
}

Made make_outreach(const Configuration& configuration, const api::ModuleParts& parts) {
  return std::make_unique<outreach::Module>(outreach_settings(configuration), parts.store,
                                            parts.clock, parts.passwords);
}

struct Maker {
  std::string_view name;
  Made (*make)(const Configuration&, const api::ModuleParts&);
};

constexpr auto kMakers = std::to_array<Maker>({{"live_agent", make_live_agent},
                                               {"chat", make_chat},
                                               {"leads", make_leads},
                                               {"outreach", make_outreach}});

}  // namespace

Made make_module(std::string_view name, const Configuration& configuration,
                 const api::ModuleParts& parts) {
  for (const Maker& maker : kMakers) {
    if (maker.name == name) return maker.make(configuration, parts);
  }
  PARLEY_CHECK(false);
}

}  // namespace parley::app
