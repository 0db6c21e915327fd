#pragma once

// Everything that answers questions, made from the settings: the HTTP clients, the model or its
// absence, the data sources, and the answerer on top of them. Made once; any thread.

#include <memory>

#include "ai/settings.h"
#include "base/clock.h"
#include "chat/answerer.h"
#include "chat/data_source.h"

namespace parley::chat {

class Responder {
 public:
  /// Without a base URL in `model`, answers are offline. The clock must outlive it. Throws
  /// Error{InvalidConfiguration} when the base URL cannot be used.
  Responder(const ai::Settings& model, DataSourceSettings sources, const Clock& clock);
  ~Responder();
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  Answerer& answerer();
  DataSources& sources();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace parley::chat
