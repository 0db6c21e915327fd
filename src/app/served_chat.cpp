#include "app/served_chat.h"

#include "ai/openai_model.h"
#include "app/ai_settings.h"
#include "app/chat_settings.h"
#include "app/data_source_settings.h"
#include "chat/data_answerer.h"
#include "chat/data_source.h"
#include "chat/module.h"
#include "chat/offline_answerer.h"
#include "http/client.h"

namespace parley::app {
namespace {

constexpr std::size_t kAnswerBytesMax = 16 << 20;  // What Power BI gives at most is 15 MB.

/// From below to above: whoever refers to another stands after it.
class ServedChat final : public api::ServedModule {
 public:
  ServedChat(const Configuration& configuration, const api::ModuleParts& parts)
      : sources_(data_source_settings(configuration), client_, parts.clock),
        model_(model_of(ai_settings(configuration), parts.clock)),
        answerer_(answerer_of(ai_settings(configuration), parts.clock)),
        module_(chat_settings(configuration), parts, *answerer_, looks()) {}

  void add_routes(http::Router& router) const override { module_.add_routes(router); }
  api::StreamSource stream_source(api::EventFeed& feed) const override {
    return module_.stream_source(feed);
  }
  void start() override { module_.start(); }
  void stop() override { module_.stop(); }

 private:
  std::unique_ptr<ai::LanguageModel> model_of(const ai::Settings& settings, const Clock& clock) {
    if (settings.is_offline()) return nullptr;
    return std::make_unique<ai::OpenAiModel>(client_, clock, settings);
  }

  std::unique_ptr<chat::Answerer> answerer_of(const ai::Settings& settings, const Clock& clock) {
    if (!model_) return std::make_unique<chat::OfflineAnswerer>(sources_, clock);
    return std::make_unique<chat::DataAnswerer>(settings, *model_, sources_, clock);
  }

  chat::SourceLooks looks() {
    return {
        .check_connection =
            [this](std::string_view type, const Json& config, const Cancellation& cancellation) {
              return sources_.check_connection(type, config, cancellation);
            },
        .get_schema =
            [this](std::string_view type, const Json& config, const Cancellation& cancellation) {
              return sources_.get_schema(type, config, cancellation);
            }};
  }

  http::Client client_{
      http::ClientOptions{.authorities_file = {}, .answer_bytes_max = kAnswerBytesMax}};
  chat::DataSources sources_;
  std::unique_ptr<ai::LanguageModel> model_;
  std::unique_ptr<chat::Answerer> answerer_;
  chat::Module module_;
};

}  // namespace

std::unique_ptr<api::ServedModule> make_chat(const Configuration& configuration,
                                             const api::ModuleParts& parts) {
  return std::make_unique<ServedChat>(configuration, parts);
}

}  // namespace parley::app
