#pragma once

// The language model that the modules ask, as the configuration has it.

#include <memory>

#include "ai/language_model.h"
#include "app/configuration.h"
#include "base/clock.h"

namespace parley::app {

/// A model with the client that it needs; null when `ai.base_url` is empty, and the modules answer
/// offline. `clock` outlives the model. Throws as ai_settings.
std::shared_ptr<ai::LanguageModel> language_model(const Configuration& configuration,
                                                  const Clock& clock);

}  // namespace parley::app
