#include "app/language_model.h"

#include "ai/openai_model.h"
#include "app/ai_settings.h"
#include "http/client.h"

namespace parley::app {
namespace {

struct ModelWithClient {
  ModelWithClient(const ai::Settings& settings, const Clock& clock)
      : model(client, clock, settings) {}

  http::Client client;
  ai::OpenAiModel model;
};

}  // namespace

std::shared_ptr<ai::LanguageModel> language_model(const Configuration& configuration,
                                                  const Clock& clock) {
  const ai::Settings settings = ai_settings(configuration);
  if (settings.is_offline()) return nullptr;
  const auto owner = std::make_shared<ModelWithClient>(settings, clock);
  return {owner, &owner->model};
}

}  // namespace parley::app
