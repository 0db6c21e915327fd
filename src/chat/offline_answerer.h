#pragma once

// Answers without a model: what the schema of the agent's data says, always the same for the same
// question and schema. Never runs a query.

#include "chat/answerer.h"
#include "chat/data_source.h"

namespace parley::chat {

class OfflineAnswerer final : public Answerer {
 public:
  /// The sources and the clock must outlive it.
  OfflineAnswerer(DataSources& sources, const Clock& clock) : sources_(sources), clock_(clock) {}

  bool lacks_key(const AgentRow&) const override { return false; }

  /// The whole answer is one piece.
  Answer answer(const Question& question, const ai::OnDelta& on_delta,
                const Cancellation& cancellation) override;

 private:
  DataSources& sources_;
  const Clock& clock_;
};

/// The answer's text: that no model is configured, the names of the tables (50 at most), and the
/// columns of those that the question names.
std::string offline_text(const DataSchema& schema, std::string_view question);

}  // namespace parley::chat
