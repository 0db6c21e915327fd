#include "chat/openai_wire.h"

#include <fmt/format.h>

#include "api/operation_parts.h"
#include "base/error.h"
#include "base/json_schema.h"
#include "base/text.h"
#include "chat/chats.h"

namespace parley::chat {
namespace {

constexpr std::size_t kMessagesMax = 1000;

/// The first wrong field, as the protocol names it.
[[noreturn]] void refuse(std::string param, const std::string& message) {
  http::Problem problem = http::bad_request(message);
  problem.errors = {{std::move(param), "invalid_value", message}};
  throw problem;
}

const Json* find(const JsonObject& object, std::string_view name) {
  const Json* value = object.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

JsonObject body_of(const http::Request& request) {
  try {
    Json body = parse_json(request.body);
    if (body.is_object()) return std::move(body.get_object());
  } catch (const Error& error) {
    refuse("", error.what());
  }
  refuse("", "The body must be an object");
}

bool truth_in(const JsonObject& object, std::string_view name) {
  const Json* value = find(object, name);
  if (value == nullptr) return false;
  if (!value->is_bool()) refuse(std::string(name), fmt::format("{} must be true or false", name));
  return value->get_bool();
}

/// A text, or the texts of a list of parts.
std::string content_of(const JsonObject& message, const std::string& param) {
  const Json* content = find(message, "content");
  if (content == nullptr) return {};
  if (content->is_string()) return std::string(content->get_string());
  if (!content->is_array()) refuse(param, "The content of a message must be a text");
  std::string text;
  for (const Json& part : content->get_array()) {
    const auto* object = part.if_object();
    const Json* words = object == nullptr ? nullptr : find(*object, "text");
    if (words == nullptr || !words->is_string()) refuse(param, "Only parts with a text are read");
    text += words->get_string();
  }
  return text;
}

void add_message(const Json& given, std::size_t number, CompletionRequest& request) {
  const std::string param = fmt::format("messages[{}]", number);
  if (!given.is_object()) refuse(param, "A message must be an object");
  const JsonObject& message = given.get_object();
  const Json* role = find(message, "role");
  const std::string word =
      role != nullptr && role->is_string() ? std::string(role->get_string()) : "";
  std::string content = content_of(message, param + ".content");
  if (!is_storable_text(content)) refuse(param + ".content", "U+0000 cannot be stored");
  if (word == "system" || word == "developer") {
    request.instructions += request.instructions.empty() ? content : "\n\n" + content;
  } else if (word == "user") {
    request.history.push_back({ai::Role::User, std::move(content)});
  } else if (word == "assistant") {
    if (!content.empty()) request.history.push_back({ai::Role::Assistant, std::move(content)});
  } else {
    refuse(param + ".role", "A message is of system, developer, user or assistant");
  }
}

/// The last message is the question; what is before it, the history.
void read_messages(const JsonObject& body, CompletionRequest& request) {
  const Json* messages = find(body, "messages");
  const auto* list = messages == nullptr ? nullptr : messages->if_array();
  if (list == nullptr || list->empty() || list->size() > kMessagesMax) {
    refuse("messages", fmt::format("messages must be a list of 1 to {}", kMessagesMax));
  }
  for (std::size_t i = 0; i < list->size(); ++i) add_message((*list)[i], i, request);
  if (request.history.empty() || request.history.back().role != ai::Role::User) {
    refuse("messages", "The last message must be the user's");
  }
  request.question = std::move(request.history.back().content);
  request.history.pop_back();
  if (request.question.empty() || code_points(request.question) > kContentCharactersMax) {
    refuse("messages",
           fmt::format("The last message must have 1 to {} characters", kContentCharactersMax));
  }
}

std::optional<std::string> chat_id_in(const JsonObject& body) {
  const Json* metadata = find(body, "metadata");
  if (metadata == nullptr) return std::nullopt;
  if (!metadata->is_object()) refuse("metadata", "metadata must be an object");
  const Json* id = find(metadata->get_object(), "chat_id");
  if (id == nullptr) return std::nullopt;
  if (!id->is_string()) refuse("metadata.chat_id", "metadata.chat_id must be the id of a chat");
  return std::string(id->get_string());
}

JsonObject frame_json(const CompletionFrame& frame, std::string_view object, json::array choices) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(frame.created);
  return {{"id", frame.id},
          {"object", object},
          {"created", seconds.time_since_epoch().count()},
          {"model", frame.model},
          {"choices", std::move(choices)}};
}

JsonObject chunk(const CompletionFrame& frame, JsonObject delta, Json finish_reason) {
  return frame_json(frame, "chat.completion.chunk",
                    {JsonObject{{"index", 0},
                                {"delta", std::move(delta)},
                                {"logprobs", nullptr},
                                {"finish_reason", std::move(finish_reason)}}});
}

Json usage_json(const Json& usage) {
  if (usage.is_object()) return usage;
  return JsonObject{{"prompt_tokens", 0}, {"completion_tokens", 0}, {"total_tokens", 0}};
}

std::string_view type_of(int status) {
  if (status == 401) return "authentication_error";
  if (status == 403) return "permission_error";
  if (status == 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

}  // namespace

CompletionRequest read_completion_request(const http::Request& request) {
  const JsonObject body = body_of(request);
  CompletionRequest asked;
  const Json* model = find(body, "model");
  if (model == nullptr || !model->is_string() || model->get_string().empty()) {
    refuse("model", "model must be the id or the name of an agent");
  }
  asked.model = std::string(model->get_string());
  read_messages(body, asked);
  asked.chat_id = chat_id_in(body);
  asked.is_streamed = truth_in(body, "stream");
  if (const Json* options = find(body, "stream_options")) {
    if (!options->is_object()) refuse("stream_options", "stream_options must be an object");
    asked.tells_usage = truth_in(options->get_object(), "include_usage");
  }
  const Json* count = find(body, "n");
  if (count != nullptr && *count != Json(1)) refuse("n", "Only one choice is given");
  return asked;
}

JsonObject completion_json(const CompletionFrame& frame, const std::string& content,
                           const Json& usage) {
  const JsonObject message{{"role", "assistant"}, {"content", content}, {"refusal", nullptr}};
  JsonObject answer = frame_json(
      frame, "chat.completion",
      {JsonObject{
          {"index", 0}, {"message", message}, {"logprobs", nullptr}, {"finish_reason", "stop"}}});
  answer["usage"] = usage_json(usage);
  return answer;
}

JsonObject first_chunk(const CompletionFrame& frame) {
  return chunk(frame, {{"role", "assistant"}, {"content", ""}}, nullptr);
}

JsonObject text_chunk(const CompletionFrame& frame, std::string_view text) {
  return chunk(frame, {{"content", text}}, nullptr);
}

JsonObject last_chunk(const CompletionFrame& frame) { return chunk(frame, {}, "stop"); }

JsonObject usage_chunk(const CompletionFrame& frame, const Json& usage) {
  JsonObject last = frame_json(frame, "chat.completion.chunk", {});
  last["usage"] = usage_json(usage);
  return last;
}

JsonObject model_json(const AgentRow& agent) {
  const auto created = std::chrono::floor<std::chrono::seconds>(agent.created_at);
  return {{"id", agent.id},
          {"object", "model"},
          {"created", created.time_since_epoch().count()},
          {"owned_by", agent.account_id},
          {"name", agent.name}};
}

JsonObject models_json(const std::vector<AgentRow>& agents) {
  json::array models;
  for (const AgentRow& agent : agents) models.push_back(model_json(agent));
  return {{"object", "list"}, {"data", std::move(models)}};
}

JsonObject openai_error(const http::Problem& problem) {
  const bool names_field = !problem.errors.empty() && !problem.errors.front().pointer.empty();
  return {{"error",
           JsonObject{{"message", problem.detail},
                      {"type", type_of(problem.status)},
                      {"param", names_field ? Json(json::string(problem.errors.front().pointer))
                                            : Json(nullptr)},
                      {"code", problem.code}}}};
}

http::Response openai_problem(const http::Problem& problem, const http::Request&) {
  http::Response response = http::Response::json(problem.status, openai_error(problem));
  response.headers = problem.headers;
  return response;
}

namespace operation {
namespace {

using namespace json_schema;

http::ProblemShape problem_shape() {
  return {"application/json",
          json_schema::named("OpenAiError", object({{"error", object({{"message", text()},
                                                                      {"type", text()},
                                                                      {"param", nullable(text())},
                                                                      {"code", text()}})}}))};
}

JsonObject model_shape() {
  return object({{"id", text()},
                 {"object", text()},
                 {"created", integer(0)},
                 {"owned_by", text()},
                 {"name", text()}});
}

JsonObject completion_schema() {
  const JsonObject message =
      object({{"role", text()}, {"content", text()}, {"refusal", nullable(text())}});
  const JsonObject choice_schema = object({{"index", integer(0)},
                                           {"message", message},
                                           {"logprobs", nullable(any_object())},
                                           {"finish_reason", text()}});
  const JsonObject usage = object({{"prompt_tokens", integer(0)},
                                   {"completion_tokens", integer(0)},
                                   {"total_tokens", integer(0)}});
  return object({{"id", text()},
                 {"object", text()},
                 {"created", integer(0)},
                 {"model", text()},
                 {"choices", list_of(choice_schema)},
                 {"usage", usage}});
}

}  // namespace

http::Operation create_completion() {
  http::Operation operation{
      .id = "createChatCompletion",
      .summary = "Ask an agent over the OpenAI chat-completions protocol",
      .tag = "openai",
      .body = object({{"model", text()},
                      {"messages", list_of(object({{"role", text()}}))},
                      optional("stream", boolean()),
                      optional("stream_options", any_object()),
                      optional("metadata", any_object())}),
      .answers = {{200, "The answer.", completion_schema()},
                  {200, "Its pieces, for who asks for a stream.", text(), "text/event-stream"}},
      .problems = {400, 404}};
  return api::reading(std::move(operation), problem_shape());
}

http::Operation list_models() {
  return api::reading(
      {.id = "listModels",
       .summary = "The agents that the caller may ask",
       .tag = "openai",
       .answers = {{200, "The agents.",
                    object({{"object", text()}, {"data", list_of(model_shape())}})}}},
      problem_shape());
}

http::Operation get_model() {
  return api::reading(
      {.id = "getModel",
       .summary = "An agent by its id, or by its name where it is the only one of that name",
       .tag = "openai",
       .parameters = {api::in_path("model", text())},
       .answers = {{200, "The agent.", model_shape()}},
       .problems = {404}},
      problem_shape());
}

}  // namespace operation
}  // namespace parley::chat
