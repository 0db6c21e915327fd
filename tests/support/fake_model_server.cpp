#include "support/fake_model_server.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace parley::test {
namespace {

constexpr const char* kJson = "application/json";

Json usage_json(const FakeUsage& usage) {
  return JsonObject{{"prompt_tokens", usage.prompt_tokens},
                    {"completion_tokens", usage.completion_tokens},
                    {"total_tokens", usage.prompt_tokens + usage.completion_tokens}};
}

JsonObject frame(std::string_view object, Json choices) {
  return {{"id", "chatcmpl-1"},
          {"object", object},
          {"created", 1'700'000'000},
          {"model", FakeModelServer::kModel},
          {"choices", std::move(choices)}};
}

Json choice(std::string_view name, Json message, Json reason) {
  return json::array{
      JsonObject{{"index", 0}, {name, std::move(message)}, {"finish_reason", std::move(reason)}}};
}

std::string event(const JsonObject& chunk) { return "data: " + to_text(chunk) + "\n\n"; }

std::string delta_event(const std::string& text) {
  return event(
      frame("chat.completion.chunk", choice("delta", JsonObject{{"content", text}}, nullptr)));
}

std::vector<std::string> last_events(const ModelReply& reply) {
  std::vector<std::string> events;
  events.push_back(event(frame("chat.completion.chunk", choice("delta", JsonObject{}, "stop"))));
  if (reply.usage) {
    JsonObject chunk = frame("chat.completion.chunk", json::array{});
    chunk["usage"] = usage_json(*reply.usage);
    events.push_back(event(chunk));
  }
  events.emplace_back("data: [DONE]\n\n");
  return events;
}

/// A body without a length ends with the connection; in chunks the end is told, so that a cut
/// shows.
std::string chunk_of(const std::string& text) {
  return fmt::format("{:x}\r\n{}\r\n", text.size(), text);
}

ScriptedReply as_stream(const ModelReply& reply) {
  ScriptedReply stream;
  stream.pieces.push_back(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n" +
      reply.headers + "\r\n" +
      chunk_of(event(frame("chat.completion.chunk",
                           choice("delta", JsonObject{{"role", "assistant"}}, nullptr)))));
  const std::size_t count = std::min(reply.cut_after, reply.deltas.size());
  for (std::size_t i = 0; i < count; ++i) {
    stream.pieces.push_back(chunk_of(delta_event(reply.deltas[i])));
  }
  if (reply.held_before != ScriptedReply::kNever) stream.held_before = reply.held_before + 1;
  if (reply.cut_after != ScriptedReply::kNever) return stream;
  std::string end;
  for (const std::string& last : last_events(reply)) end += chunk_of(last);
  stream.pieces.push_back(end + "0\r\n\r\n");
  return stream;
}

ScriptedReply as_json(const ModelReply& reply) {
  JsonObject answer =
      frame("chat.completion",
            choice("message",
                   JsonObject{{"role", "assistant"}, {"content", join(reply.deltas, "")}}, "stop"));
  if (reply.usage) answer["usage"] = usage_json(*reply.usage);
  ScriptedReply whole = http_reply(200, kJson, to_text(answer), reply.headers);
  if (reply.held_before != ScriptedReply::kNever) whole.held_before = 0;
  if (reply.cut_after != ScriptedReply::kNever) {
    std::string& text = whole.pieces.front();
    text.resize(text.size() - 20);
  }
  return whole;
}

}  // namespace

ModelReply says_in_pieces(std::vector<std::string> deltas) { return {.deltas = std::move(deltas)}; }

ModelReply says(std::string text) { return {.deltas = {std::move(text)}}; }

ModelReply says_without_usage(std::string text) {
  return {.deltas = {std::move(text)}, .usage = std::nullopt};
}

ModelReply fails(int status, std::string message, std::string headers) {
  const JsonObject error{
      {"error", JsonObject{{"message", std::move(message)}, {"type", "scripted"}}}};
  return {.status = status, .headers = std::move(headers), .body = to_text(error)};
}

ModelReply says_raw(std::string body) { return {.body = std::move(body)}; }

ModelReply breaks_off_after(std::vector<std::string> deltas) {
  const std::size_t count = deltas.size();
  return {.deltas = std::move(deltas), .cut_after = count};
}

ModelReply held(ModelReply reply) {
  reply.held_before = 0;
  return reply;
}

FakeModelServer::FakeModelServer()
    : respond_([](const JsonObject& request) { return says("Echo: " + last_message(request)); }),
      server_([this](const ScriptedRequest& request) { return reply_to(request); }) {}

void FakeModelServer::will(ModelReply reply) {
  const std::lock_guard lock(mutex_);
  replies_.push_back(std::move(reply));
}

void FakeModelServer::respond_with(Respond respond) {
  const std::lock_guard lock(mutex_);
  respond_ = std::move(respond);
}

std::vector<JsonObject> FakeModelServer::asked() const {
  std::vector<JsonObject> bodies;
  for (const ScriptedRequest& request : server_.requests()) bodies.push_back(request.json());
  return bodies;
}

ScriptedReply FakeModelServer::reply_to(const ScriptedRequest& request) {
  if (request.method != "POST" || request.target != "/v1/chat/completions") {
    return http_reply(404, kJson, R"({"error":{"message":"no such path"}})");
  }
  const JsonObject asked = request.json();
  const std::lock_guard lock(mutex_);
  ModelReply reply;
  if (replies_.empty()) {
    reply = respond_(asked);
  } else {
    reply = std::move(replies_.front());
    replies_.pop_front();
  }
  if (reply.status != 200 || !reply.body.empty()) {
    ScriptedReply raw = http_reply(reply.status, kJson, reply.body, reply.headers);
    if (reply.held_before != ScriptedReply::kNever) raw.held_before = 0;
    return raw;
  }
  const Json* stream = asked.if_contains("stream");
  return stream != nullptr && stream->is_bool() && stream->get_bool() ? as_stream(reply)
                                                                      : as_json(reply);
}

std::string last_message(const JsonObject& request) {
  return std::string(request.at("messages").as_array().back().at("content").as_string());
}

}  // namespace parley::test
