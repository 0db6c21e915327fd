#pragma once

// What a model is asked on the way to an answer, and what its replies mean: whether the schema
// alone answers a question or a query must be run, how to correct a query that failed, and what to
// say about its rows. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ai/language_model.h"
#include "base/json.h"
#include "chat/answerer.h"
#include "chat/data_source.h"

namespace parley::chat {

/// What all prompts of an answer share.
struct Briefing {
  std::string instructions;   ///< The agent's own; they lead every prompt.
  std::string language_name;  ///< Of the queries.
  QueryLanguage language = QueryLanguage::Sql;
  std::string schema_text;
  std::string schema_tone;  ///< How to speak of the schema, and of rows.
  std::string rows_tone;
  std::vector<ai::Message> history;
};

/// The agent's tones count when they are enabled, and not for databases.
Briefing briefing_of(const Question& question, const DataSource& source, const DataSchema& schema);

struct Plan {
  std::string query;  ///< Empty: the schema answers.
};

std::vector<ai::Message> plan_prompt(const Briefing& briefing, std::string_view question);
/// What cannot be read is a plan without a query.
Plan read_plan(std::string_view reply);

struct FailedQuery {
  std::string query;
  std::string error;
};
std::vector<ai::Message> correction_prompt(const Briefing& briefing, std::string_view question,
                                           const FailedQuery& failed);
/// The corrected query; empty when there is none in the reply.
std::string read_correction(std::string_view reply);

std::vector<ai::Message> describe_prompt(const Briefing& briefing, std::string_view question);
std::vector<ai::Message> rows_prompt(const Briefing& briefing, std::string_view question,
                                     std::string_view query, const DataRows& rows);

/// The JSON object in a reply, which models like to wrap in words and fences; nothing when there is
/// none.
std::optional<JsonObject> object_in(std::string_view reply);

/// Rows as a model reads them: CSV (RFC 4180) with a head, whole rows up to a limit of bytes.
std::string csv_of(const DataRows& rows);

}  // namespace parley::chat
