#pragma once

// What a user's word means in the data: "berln" may be the city "Berlin". A model names the columns
// that it could be of, their distinct values are read, and the model picks one of them, or some
// that it might be. Used for Power BI. Pure functions around those steps; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "ai/language_model.h"
#include "chat/data_source.h"
#include "chat/planner.h"

namespace parley::chat {

inline constexpr std::size_t kValueColumnsMax = 3;
inline constexpr std::size_t kValuesPerColumnMax = 60;
inline constexpr std::size_t kValuesMax = 120;
inline constexpr std::size_t kAlternativesMax = 3;

/// A word of the question, and where its meaning may be found.
struct WordInQuestion {
  std::string word;
  std::vector<DataColumn> columns;  ///< Three at most, all of text.
};

bool has_text_columns(const DataSchema& schema);

std::vector<ai::Message> word_prompt(const Briefing& briefing, std::string_view question);
/// Without columns when the reply names none that the schema has.
WordInQuestion read_word(std::string_view reply, const DataSchema& schema);

/// The query for the distinct values of a column.
std::string values_query(const DataColumn& column);

std::vector<ai::Message> choice_prompt(const Briefing& briefing, std::string_view question,
                                       std::string_view word,
                                       const std::vector<std::string>& values);

/// The question to go on with, and what to tell of it; the note is empty when nothing was changed.
struct Resolution {
  std::string question;
  std::string note;
};
/// Only values that were read count.
Resolution read_choice(std::string_view reply, std::string_view question, std::string_view word,
                       const std::vector<std::string>& values);

}  // namespace parley::chat
