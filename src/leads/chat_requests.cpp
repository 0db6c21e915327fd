#include "leads/chat_requests.h"

#include <fmt/format.h>

#include "api/fields.h"
#include "leads/conversation.h"
#include "leads/stored_json.h"

namespace parley::leads {
namespace {

constexpr std::size_t kModelCharactersMax = 100;
constexpr double kTemperatureMax = 2;
constexpr std::int64_t kTokensMax = 1'000'000;
constexpr std::size_t kDetailBytesMax = 32'000;

std::optional<ai::Role> role_in(const JsonObject& turn) {
  const std::string role = text_at(turn, "role").value_or("");
  for (const ai::Role each : {ai::Role::System, ai::Role::User, ai::Role::Assistant}) {
    if (role == ai::word(each)) return each;
  }
  return std::nullopt;
}

std::vector<ai::Message> history_in(api::BodyReader& body) {
  std::vector<ai::Message> history;
  const json::array given = body.optional_array("conversation_history").value_or(json::array{});
  if (given.size() > kHistoryMax) {
    body.errors().add("conversation_history", "too_long",
                      fmt::format("must have at most {} messages", kHistoryMax));
    return history;
  }
  for (const Json& each : given) {
    const JsonObject* turn = each.if_object();
    const std::optional<ai::Role> role = turn == nullptr ? std::nullopt : role_in(*turn);
    const std::optional<std::string> content =
        turn == nullptr ? std::nullopt : text_at(*turn, "content");
    if (!role || !content) {
      body.errors().add("conversation_history", "wrong_type",
                        "must be a list of {role, content}, the role user, assistant or system");
      break;
    }
    history.push_back({*role, *content});
  }
  return history;
}

}  // namespace

ChatRequest read_chat(const http::Request& request) {
  api::BodyReader body(request.body);
  ChatRequest chat{.message = body.text("message", kMessageCharactersMax),
                   .history = history_in(body),
                   .model = body.optional_text("model", kModelCharactersMax),
                   .temperature = body.optional_number("temperature", 0, kTemperatureMax),
                   .max_tokens = body.optional_integer("max_tokens", 1, kTokensMax)};
  body.finish();
  return chat;
}

PromptWish read_prompt_wish(const http::Request& request, std::string_view field) {
  api::BodyReader body(request.body);
  PromptWish wish{.summary = body.text(field, kMessageCharactersMax),
                  .details = api::object_of(request.body)};
  wish.details.erase(field);
  if (to_text(wish.details).size() > kDetailBytesMax) {
    body.errors().add(field, "too_long", "has too many details beside it");
  }
  body.finish();
  return wish;
}

}  // namespace parley::leads
