#include "leads/record_requests.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"
#include "leads/session_requests.h"

namespace parley::leads {
namespace {

using api::BodyReader;
using api::kIntegerMax;
using api::QueryReader;

constexpr std::size_t kNameCharactersMax = 255;
constexpr std::size_t kTypeCharactersMax = 50;
constexpr std::size_t kSourceCharactersMax = 100;
constexpr std::size_t kNumberCharactersMax = 10;
constexpr double kTemperatureMax = 2;

/// A number from 0 to `max`, or a text that is one, as a text of at most ten characters.
std::optional<std::string> number_text(const Json& value, double max) {
  std::string text;
  if (const auto* given = value.if_string()) {
    text = std::string(trim(*given));
  } else if (value.is_number()) {
    text = fmt::format("{}", value.to_number<double>());
    if (text.find('.') == std::string::npos) text += ".0";
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && !text.empty() && end == text.data() + text.size();
  const bool is_in_range = number >= 0 && number <= max;  // Which NaN is not.
  if (!is_number || !is_in_range) return std::nullopt;
  return text.size() <= kNumberCharactersMax ? std::optional(text) : std::nullopt;
}

std::optional<std::string> temperature_in(RowReader& reader) {
  const Json* value = reader.body().find("temperature");
  if (value == nullptr) return std::nullopt;
  std::optional<std::string> text = temperature_text(*value);
  if (!text) {
    reader.body().errors().add("temperature", "out_of_range",
                               "must be a number from 0 to 2 of at most 10 characters");
  }
  return text;
}

void refuse_holding(RowReader& reader) {
  const Json* type = reader.body().find("type");
  if (type != nullptr && *type == Json(json::string(kHoldingType))) {
    reader.body().errors().add("type", "reserved", "is the server's own");
  }
}

/// What must not be made empty.
void require_said(RowReader& reader, std::initializer_list<std::string_view> fields) {
  for (const std::string_view field : fields) {
    const Json* value = reader.body().find(field);
    if (value != nullptr && value->is_string() && !has_visible_character(value->get_string())) {
      reader.body().errors().add(field, "blank", "must contain a visible character");
    }
  }
}

std::optional<std::string> given_text(RowReader& reader, std::string_view field) {
  const Json* value = reader.body().find(field);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

api::Page page_in(QueryReader& query) {
  return {.number = query.number("page", 1, 1, kIntegerMax),
          .size = query.number("per_page", kLeadsPerPage, 1, kPerPageMax)};
}

}  // namespace

NewLead read_new_lead(const http::Request& request) {
  RowReader reader(request.body);
  NewLead lead{.row = {.status = word(LeadStatus::New)}};
  reader.body().require("email");
  reader.body().require("source");
  require_said(reader, {"source"});
  reader.read_into(lead.row, LeadFields());
  if (const auto status = reader.body().optional_word<LeadStatus>("status")) {
    lead.row.status = word(*status);
  }
  lead.project_data = reader.body().optional_object("project_data").value_or(JsonObject{});
  lead.platform_metadata =
      reader.body().optional_object("platform_metadata").value_or(JsonObject{});
  reader.finish();
  return lead;
}

LeadChange read_lead_change(const http::Request& request) {
  RowReader reader(request.body);
  require_said(reader, {"source"});
  LeadChange change{.assignments = reader.changes(LeadFields()),
                    .email = given_text(reader, "email"),
                    .external_id = given_text(reader, "external_id")};
  if (const auto status = reader.body().optional_word<LeadStatus>("status")) {
    change.assignments.push_back(store::set<&LeadRow::status>(word(*status)));
  }
  reader.finish();
  return change;
}

LeadFilter read_lead_filter(const http::Request& request) {
  QueryReader query(request);
  LeadFilter filter{.status = query.optional_word<LeadStatus>("status"),
                    .source = query.text("source", kSourceCharactersMax),
                    .company = query.text("company", kNameCharactersMax),
                    .search = query.text("search", kNameCharactersMax),
                    .page = page_in(query)};
  query.finish();
  return filter;
}

NoteRequest read_note(const http::Request& request) {
  BodyReader body(request.body);
  NoteRequest note{.content = body.text("content", kLongTextCharactersMax),
                   .author = body.optional_text("author", kNameCharactersMax).value_or("User")};
  body.finish();
  return note;
}

AgentRow read_new_agent(const http::Request& request) {
  RowReader reader(request.body);
  AgentRow agent = fresh_agent();
  reader.body().require("name");
  reader.body().require("prompt_template");
  require_said(reader, {"name", "prompt_template", "model", "type"});
  refuse_holding(reader);
  reader.read_into(agent, AgentFields());
  if (auto temperature = temperature_in(reader)) agent.temperature = *std::move(temperature);
  reader.finish();
  return agent;
}

AgentChange read_agent_change(const http::Request& request) {
  RowReader reader(request.body);
  require_said(reader, {"name", "prompt_template", "model", "type"});
  refuse_holding(reader);
  AgentChange change{.assignments = reader.changes(AgentFields()),
                     .name = given_text(reader, "name")};
  if (const auto temperature = temperature_in(reader)) {
    change.assignments.push_back(store::set<&AgentRow::temperature>(*temperature));
  }
  reader.finish();
  return change;
}

AgentFilter read_agent_filter(const http::Request& request) {
  QueryReader query(request);
  AgentFilter filter{.type = query.text("type", kTypeCharactersMax),
                     .search = query.text("search", kNameCharactersMax),
                     .page = page_in(query)};
  if (request.query.contains("is_active")) filter.is_active = query.boolean("is_active", true);
  query.finish();
  return filter;
}

std::optional<std::string> share_text(const Json& value) { return number_text(value, 1); }

std::optional<std::string> temperature_text(const Json& value) {
  return number_text(value, kTemperatureMax);
}

}  // namespace parley::leads
