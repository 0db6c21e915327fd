#include "chat/data_answerer.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "chat/planner.h"
#include "chat/value_resolver.h"

namespace parley::chat {
namespace {

/// One answer on its way. What ends it early is an Error; `answer` has then what was done so far.
class Answering {
 public:
  Answering(ai::LanguageModel& model, DataSource& source, const Question& question,
            const ai::OnDelta& on_delta, const Cancellation& cancellation, Answer& answer)
      : model_(model),
        source_(source),
        question_(question),
        on_delta_(on_delta),
        cancellation_(cancellation),
        answer_(answer),
        text_(question.text) {}

  void run();

 private:
  std::string ask(std::vector<ai::Message> messages, const ai::OnDelta& on_delta = nullptr);
  void resolve_values();
  std::vector<std::string> values_of(const WordInQuestion& word);
  DataRows query(std::string query);
  bool may_be_run(const std::string& query) const;

  ai::LanguageModel& model_;
  DataSource& source_;
  const Question& question_;
  const ai::OnDelta& on_delta_;
  const Cancellation& cancellation_;
  Answer& answer_;
  std::string text_;  ///< The question, with its words resolved.
  std::shared_ptr<const DataSchema> schema_;
  Briefing briefing_;
};

void Answering::run() {
  schema_ = source_.schema(cancellation_);
  briefing_ = briefing_of(question_, source_, *schema_);
  const bool has_values = source_.language() == QueryLanguage::Dax && has_text_columns(*schema_);
  if (has_values) resolve_values();
  const Plan plan = read_plan(ask(plan_prompt(briefing_, text_)));
  if (plan.query.empty()) {
    answer_.content = ask(describe_prompt(briefing_, text_), on_delta_);
    return;
  }
  const DataRows rows = query(plan.query);
  answer_.content = ask(rows_prompt(briefing_, text_, *answer_.final_query, rows), on_delta_);
  answer_.action = Action::Query;
}

std::string Answering::ask(std::vector<ai::Message> messages, const ai::OnDelta& on_delta) {
  ai::Request request{.model = question_.agent.model_type.value_or(""),
                      .api_key = question_.agent.api_key.value_or(""),
                      .messages = std::move(messages)};
  ai::Outcome outcome = ai::ask_and_wait(model_, std::move(request), on_delta, cancellation_);
  if (const auto* error = std::get_if<Error>(&outcome)) throw *error;
  auto& completion = std::get<ai::Completion>(outcome);
  answer_.model = completion.model;
  if (completion.usage) {
    if (!answer_.usage) answer_.usage.emplace();
    *answer_.usage += *completion.usage;
  }
  return std::move(completion.content);
}

void Answering::resolve_values() {
  answer_.resolution_note = "";
  const WordInQuestion word = read_word(ask(word_prompt(briefing_, text_)), *schema_);
  if (word.columns.empty()) return;
  const std::vector<std::string> values = values_of(word);
  if (values.empty()) return;
  const std::string reply = ask(choice_prompt(briefing_, text_, word.word, values));
  Resolution resolution = read_choice(reply, text_, word.word, values);
  text_ = std::move(resolution.question);
  answer_.resolution_note = std::move(resolution.note);
}

/// A column that cannot be read has no values: the question is answered as it is.
std::vector<std::string> Answering::values_of(const WordInQuestion& word) {
  std::vector<std::string> values;
  for (const DataColumn& column : word.columns) {
    try {
      const DataRows rows = source_.run(values_query(column), cancellation_);
      for (const auto& row : rows.rows) {
        if (!row.empty() && row.front() && values.size() < kValuesMax) {
          values.push_back(*row.front());
        }
      }
    } catch (const Error& error) {
      log::warning("The values of {} cannot be read: {}", column.name, error.what());
    }
  }
  return values;
}

bool Answering::may_be_run(const std::string& query) const {
  if (source_.language() == QueryLanguage::Sql) return true;
  return lower(query).find("evaluate") != std::string::npos;
}

/// The rows of the query, or of what the model made of it. Throws the last error when all failed.
DataRows Answering::query(std::string query) {
  std::string last_error = "The model wrote no query that can be run: there is no EVALUATE in it";
  while (may_be_run(query)) {
    answer_.attempts.push_back(query);
    try {
      DataRows rows = source_.run(query, cancellation_);
      answer_.final_query = query;
      return rows;
    } catch (const Error& error) {
      last_error = error.what();
      // Another query would not find it either.
      if (error.code() == ErrorCode::CannotConnect || cancellation_.is_cancelled()) throw;
    }
    if (answer_.attempts.size() >= DataAnswerer::kAttemptsMax) break;
    query = read_correction(ask(correction_prompt(briefing_, text_, {query, last_error})));
    if (query.empty()) break;
  }
  throw Error(ErrorCode::Unprocessable, last_error);
}

}  // namespace

bool DataAnswerer::lacks_key(const AgentRow& agent) const {
  return settings_.key_required && settings_.api_key.empty() && agent.api_key.value_or("").empty();
}

Answer DataAnswerer::answer(const Question& question, const ai::OnDelta& on_delta,
                            const Cancellation& cancellation) {
  const Timestamp start = clock_.now();
  Answer answer;
  bool has_spoken = false;
  const ai::OnDelta speak = [&](std::string_view piece) {
    has_spoken = true;
    on_delta(piece);
  };
  try {
    const auto source =
        sources_.open(question.agent.connection_type, question.agent.connection_config);
    Answering(model_, *source, question, on_delta ? speak : ai::OnDelta(), cancellation, answer)
        .run();
  } catch (const Error& error) {
    const Answer failed = error_answer(error.what());
    answer.content = failed.content;
    answer.action = failed.action;
    answer.error = failed.error;
    answer.final_query.reset();
    if (on_delta && !has_spoken) on_delta(answer.content);
  }
  answer.response_time =
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - start);
  return answer;
}

}  // namespace parley::chat
