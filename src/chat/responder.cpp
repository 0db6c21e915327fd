#include "chat/responder.h"

#include "ai/openai_model.h"
#include "chat/data_answerer.h"
#include "chat/offline_answerer.h"
#include "http/client.h"

namespace parley::chat {
namespace {

constexpr std::size_t kAnswerBytesMax = 16 << 20;  // What Power BI gives at most is 15 MB.

}  // namespace

struct Responder::State {
  State(const ai::Settings& settings, DataSourceSettings source_settings, const Clock& clock)
      : sources(std::move(source_settings), client, clock) {
    if (settings.is_offline()) {
      answerer = std::make_unique<OfflineAnswerer>(sources, clock);
      return;
    }
    model = std::make_unique<ai::OpenAiModel>(client, clock, settings);
    answerer = std::make_unique<DataAnswerer>(settings, *model, sources, clock);
  }

  http::Client client{
      http::ClientOptions{.authorities_file = {}, .answer_bytes_max = kAnswerBytesMax}};
  DataSources sources;
  std::unique_ptr<ai::LanguageModel> model;  ///< Null when answers are offline.
  std::unique_ptr<Answerer> answerer;
};

Responder::Responder(const ai::Settings& model, DataSourceSettings sources, const Clock& clock)
    : state_(std::make_unique<State>(model, std::move(sources), clock)) {}

Responder::~Responder() = default;

Answerer& Responder::answerer() { return *state_->answerer; }

DataSources& Responder::sources() { return state_->sources; }

}  // namespace parley::chat
