#include "ai/openai_protocol.h"

#include <fmt/format.h>

#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace parley::ai {
namespace {

/// How much of a server's own words an error repeats.
constexpr std::size_t kWordsMax = 300;

const Json* find(const Json* value, std::string_view name) {
  const auto* object = value == nullptr ? nullptr : value->if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::string text_in(const Json* value, std::string_view name) {
  const Json* found = find(value, name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::int64_t count_in(const Json* value, std::string_view name) {
  const Json* found = find(value, name);
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

/// The first of `choices`, which is the only one that is asked for.
const Json* first_choice(const Json* answer) {
  const Json* choices = find(answer, "choices");
  const auto* list = choices == nullptr ? nullptr : choices->if_array();
  return list == nullptr || list->empty() ? nullptr : &list->front();
}

/// Without U+0000, which no database of ours keeps.
std::string content_in(const Json* message) {
  std::string content = text_in(message, "content");
  std::erase(content, '\0');
  return content;
}

std::optional<Usage> usage_in(const Json* answer) {
  const Json* usage = find(answer, "usage");
  if (usage == nullptr || !usage->is_object()) return std::nullopt;
  return Usage{.prompt_tokens = count_in(usage, "prompt_tokens"),
               .completion_tokens = count_in(usage, "completion_tokens"),
               .total_tokens = count_in(usage, "total_tokens")};
}

std::optional<Json> json_of(std::string_view text) {
  try {
    return parse_json(text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// `error.message` as OpenAI sends it, and the forms of others: `error` or `message` as a text.
std::string words_of(const Json& answer) {
  for (const std::string& words : {text_in(find(&answer, "error"), "message"),
                                   text_in(&answer, "error"), text_in(&answer, "message")}) {
    if (!words.empty()) return std::string(first_code_points(words, kWordsMax));
  }
  return {};
}

Error nonsense(std::string_view what) {
  return {ErrorCode::Unavailable, fmt::format("The model's answer makes no sense: {}", what)};
}

Outcome checked(Completion completion) {
  if (has_visible_character(completion.content)) return completion;
  return nonsense(completion.finish_reason == "length" ? "it is empty, max_tokens is too small"
                                                       : "it is empty");
}

Outcome completion_of(const Json& answer) {
  const Json* choice = first_choice(&answer);
  if (choice == nullptr) {
    const std::string words = words_of(answer);
    return nonsense(words.empty() ? "it has no choices" : words);
  }
  return checked({.content = content_in(find(choice, "message")),
                  .model = text_in(&answer, "model"),
                  .finish_reason = text_in(choice, "finish_reason"),
                  .usage = usage_in(&answer)});
}

}  // namespace

std::string request_text(const Request& request, Delivery delivery) {
  PARLEY_CHECK(!request.model.empty());
  json::array messages;
  for (const Message& message : request.messages) {
    messages.push_back(
        JsonObject{{"role", json::string(word(message.role))}, {"content", message.content}});
  }
  JsonObject body{{"model", request.model},
                  {"messages", std::move(messages)},
                  {"temperature", request.temperature}};
  if (request.max_tokens) body["max_tokens"] = *request.max_tokens;
  if (delivery == Delivery::Streamed) {
    body["stream"] = true;
    body["stream_options"] = JsonObject{{"include_usage", true}};
  }
  return to_text(body);
}

Outcome read_completion(std::string_view body) {
  const auto answer = json_of(body);
  return answer ? completion_of(*answer) : nonsense("it is no JSON");
}

Error error_of_status(int status, std::string_view body) {
  // What a server says of a refused key may repeat a part of it.
  if (status == 401 || status == 403) {
    return {ErrorCode::PermissionDenied,
            fmt::format("The model's server refuses the key (status {})", status)};
  }
  const auto answer = json_of(body);
  const std::string words = answer ? words_of(*answer) : std::string();
  const std::string said = words.empty() ? std::string() : ": " + words;
  if (status == 429) {
    return {ErrorCode::TooManyRequests,
            fmt::format("The model's server has too much to do (status 429){}", said)};
  }
  if (status >= 500) {
    return {ErrorCode::Unavailable,
            fmt::format("The model's server failed (status {}){}", status, said)};
  }
  return {ErrorCode::InvalidArgument,
          fmt::format("The model's server refuses the request (status {}){}", status, said)};
}

CompletionReader::CompletionReader(OnDelta on_delta)
    : on_delta_(std::move(on_delta)),
      events_([this](std::string_view data) { take_event(data); }) {}

void CompletionReader::feed(std::string_view piece) {
  if (!has_events_) unread_ += piece;
  events_.feed(piece);
}

void CompletionReader::take_event(std::string_view data) {
  has_events_ = true;
  unread_.clear();
  if (is_complete_ || error_) return;
  if (data == "[DONE]") {
    is_complete_ = true;
    return;
  }
  const auto chunk = json_of(data);
  if (!chunk || !chunk->is_object()) {
    error_ = nonsense("a piece of it is no JSON");
  } else if (chunk->get_object().contains("error")) {
    error_ = Error(ErrorCode::Unavailable,
                   fmt::format("The model's server failed: {}", words_of(*chunk)));
  } else {
    take_chunk(*chunk);
  }
}

void CompletionReader::take_chunk(const Json& chunk) {
  if (completion_.model.empty()) completion_.model = text_in(&chunk, "model");
  if (const auto usage = usage_in(&chunk)) completion_.usage = usage;
  const Json* choice = first_choice(&chunk);
  const std::string reason = text_in(choice, "finish_reason");
  if (!reason.empty()) completion_.finish_reason = reason;
  const std::string delta = content_in(find(choice, "delta"));
  if (delta.empty()) return;
  completion_.content += delta;
  if (on_delta_) on_delta_(delta);
}

Outcome CompletionReader::finish() {
  if (error_) return *error_;
  if (!has_events_) {
    Outcome outcome = read_completion(unread_);
    const auto* whole = std::get_if<Completion>(&outcome);
    if (whole != nullptr && on_delta_) on_delta_(whole->content);
    return outcome;
  }
  // Some servers leave out the last event, and the reason says as much.
  if (!is_complete_ && completion_.finish_reason.empty()) {
    return Error(ErrorCode::ConnectionLost, "The model's answer broke off");
  }
  return checked(std::move(completion_));
}

}  // namespace parley::ai
