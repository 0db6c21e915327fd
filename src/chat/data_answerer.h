#pragma once

// Answers questions with a language model: from the schema of the agent's data, or from the rows of
// a query that the model writes and, when it fails, corrects. See planner.h for what is asked.

#include "ai/language_model.h"
#include "ai/settings.h"
#include "base/clock.h"
#include "chat/answerer.h"
#include "chat/data_source.h"

namespace parley::chat {

class DataAnswerer final : public Answerer {
 public:
  /// How often a query is tried.
  static constexpr std::size_t kAttemptsMax = 3;

  /// What is referred to must outlive it.
  DataAnswerer(const ai::Settings& settings, ai::LanguageModel& model, DataSources& sources,
               const Clock& clock)
      : settings_(settings), model_(model), sources_(sources), clock_(clock) {}

  bool lacks_key(const AgentRow& agent) const override;

  Answer answer(const Question& question, const ai::OnDelta& on_delta,
                const Cancellation& cancellation) override;

 private:
  const ai::Settings settings_;
  ai::LanguageModel& model_;
  DataSources& sources_;
  const Clock& clock_;
};

}  // namespace parley::chat
