#include "outreach/channels/http_carrier.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <future>

#include "base/crypto.h"
#include "base/error.h"
#include "base/text.h"
#include "http/client.h"
#include "http/url.h"

namespace parley::outreach {
namespace {

void require_url(const std::string& url, std::string_view what) {
  try {
    http::parse_url(url);
  } catch (const Error& error) {
    throw Error(ErrorCode::InvalidConfiguration,
                fmt::format("The {} of a channel cannot be used. {}", what, error.what()),
                error.hint());
  }
}

/// The value at the pointer; null when there is none.
const Json* find(const Json& value, std::string_view pointer) {
  json::error_code missing;
  return value.find_pointer(pointer, missing);
}

std::string text_at(const Json& value, std::string_view pointer) {
  const Json* found = find(value, pointer);
  if (found == nullptr || found->is_null() || found->is_structured()) return {};
  return found->is_string() ? std::string(found->get_string()) : to_text(*found);
}

/// The answer as JSON; null when it is something else.
Json body_of(const http::ClientAnswer& answer) {
  try {
    return parse_json(answer.body);
  } catch (const Error&) {
    return nullptr;
  }
}

/// What is not the message's fault: another time it may work.
bool is_transient(int status) {
  return status == 401 || status == 408 || status == 425 || status == 429 || status >= 500 ||
         status < 400;
}

/// One call that waits for its answer.
class Caller {
 public:
  explicit Caller(std::chrono::milliseconds timeout) : timeout_(timeout) {}

  http::ClientOutcome post(const std::string& url, const Json& body,
                           std::vector<std::pair<std::string, std::string>> headers) {
    headers.emplace_back("Content-Type", "application/json");
    const auto outcome = std::make_shared<std::promise<http::ClientOutcome>>();
    client_.send({.method = "POST",
                  .url = url,
                  .headers = std::move(headers),
                  .body = to_text(body),
                  .timeout = timeout_},
                 [outcome](http::ClientOutcome result) { outcome->set_value(std::move(result)); });
    return outcome->get_future().get();
  }

 private:
  const std::chrono::milliseconds timeout_;
  http::Client client_;
};

/// Nobody answered. Without a connection nobody has seen the message either.
SendOutcome outcome_of(const Error& error) {
  if (error.code() == ErrorCode::CannotConnect)
    return Refused{Refused::Kind::Transient, shortened_reason(error.what()), {}};
  return Unknown{shortened_reason(error.what())};
}

std::pair<std::string, std::string> bearer(const std::string& token) {
  return {"Authorization", "Bearer " + token};
}

class WhatsappCloud final : public Carrier {
 public:
  WhatsappCloud(const WhatsappCloudSettings& settings, std::chrono::milliseconds timeout)
      : url_(fmt::format("{}/{}/messages", settings.base_url, settings.phone_number_id)),
        token_(settings.token),
        caller_(timeout) {
    require_url(url_, "base_url");
  }

  bool may_repeat() const override { return false; }

  SendOutcome send(const OutgoingMessage& message) override {
    const std::string to = digits_of(message.recipient.phone.value_or(""));
    if (to.empty()) return Refused{Refused::Kind::Permanent, "there is no phone number", {}};
    const JsonObject body{
        {"messaging_product", "whatsapp"},
        {"recipient_type", "individual"},
        {"to", to},
        {"type", "text"},
        {"text", {{"preview_url", false}, {"body", message.text.whatsapp_content.value_or("")}}},
        // Comes back with every callback, also when the answer to this call is lost.
        {"biz_opaque_callback_data", message.log_id}};
    const http::ClientOutcome outcome = caller_.post(url_, body, {bearer(token_)});
    if (const auto* error = std::get_if<Error>(&outcome)) return outcome_of(*error);
    return outcome_of_answer(std::get<http::ClientAnswer>(outcome));
  }

 private:
  static std::string digits_of(std::string_view phone) {
    std::string digits;
    for (const char c : phone) {
      if (c >= '0' && c <= '9') digits += c;
    }
    return digits;
  }

  static SendOutcome outcome_of_answer(const http::ClientAnswer& answer) {
    const Json body = body_of(answer);
    if (answer.is_success()) {
      std::string id = text_at(body, "/messages/0/id");
      // It said yes; without an id its callbacks still name the message.
      return Accepted{std::move(id)};
    }
    std::string reason = text_at(body, "/error/message");
    if (const std::string details = text_at(body, "/error/error_data/details"); !details.empty())
      reason += fmt::format(" ({})", details);
    if (reason.empty()) reason = fmt::format("the provider answered with {}", answer.status);
    const std::string code = text_at(body, "/error/code");
    const bool is_later = is_transient(answer.status) || is_throttled(code);
    return Refused{is_later ? Refused::Kind::Transient : Refused::Kind::Permanent,
                   shortened_reason(reason),
                   code.empty() ? fmt::format("{}", answer.status) : code};
  }

  /// Codes that the Cloud API documents as passing: too much at once, or trouble of its own.
  static bool is_throttled(const std::string& code) {
    static constexpr std::array<std::string_view, 8> kPassing{
        "1", "2", "4", "80007", "130429", "131016", "131048", "131056"};
    return std::ranges::find(kPassing, code) != kPassing.end();
  }

  const std::string url_;
  const std::string token_;
  Caller caller_;
};

class HttpGateway final : public Carrier {
 public:
  HttpGateway(HttpGatewaySettings settings, std::chrono::milliseconds timeout)
      : settings_(std::move(settings)), caller_(timeout) {
    require_url(settings_.url, "url");
  }

  bool may_repeat() const override { return !settings_.idempotency_header.empty(); }

  SendOutcome send(const OutgoingMessage& message) override {
    std::vector<std::pair<std::string, std::string>> headers;
    if (!settings_.token.empty()) headers.push_back(bearer(settings_.token));
    // A log id may have signs that a header cannot carry.
    if (may_repeat())
      headers.emplace_back(settings_.idempotency_header, to_hex(sha256(message.log_id)));
    const Json body = filled_body(settings_.body, message);
    const http::ClientOutcome outcome = caller_.post(settings_.url, body, std::move(headers));
    if (const auto* error = std::get_if<Error>(&outcome)) return outcome_of(*error);
    const auto& answer = std::get<http::ClientAnswer>(outcome);
    if (answer.is_success()) return Accepted{text_at(body_of(answer), settings_.id_pointer)};
    const std::string_view said = trim(answer.body);
    const bool is_told = !said.empty() && is_storable_text(said);
    return Refused{
        is_transient(answer.status) ? Refused::Kind::Transient : Refused::Kind::Permanent,
        shortened_reason(is_told ? fmt::format("{}: {}", answer.status, said)
                                 : fmt::format("the gateway answered with {}", answer.status)),
        fmt::format("{}", answer.status)};
  }

 private:
  const HttpGatewaySettings settings_;
  Caller caller_;
};

std::optional<std::string> value_for(const OutgoingMessage& message, std::string_view name) {
  if (name == "to")
    return message.recipient.phone ? message.recipient.phone : message.recipient.email;
  if (name == "subject") return message.text.subject.value_or("");
  if (name == "content") return message.text.content.value_or("");
  if (name == "whatsapp_content") return message.text.whatsapp_content.value_or("");
  if (name == "template_id") return message.template_id;
  if (name == "template_name") return message.template_name;
  if (name == "log_id") return message.log_id;
  return recipient_value(message.recipient, name);
}

}  // namespace

Json filled_body(const Json& body, const OutgoingMessage& message) {
  if (body.is_string()) {
    return json::string(replace_names(
        body.get_string(), [&](std::string_view name) { return value_for(message, name); }));
  }
  if (body.is_array()) {
    json::array filled;
    for (const Json& item : body.get_array()) filled.push_back(filled_body(item, message));
    return filled;
  }
  if (!body.is_object()) return body;
  JsonObject filled;
  for (const auto& [name, value] : body.get_object()) filled[name] = filled_body(value, message);
  return filled;
}

std::unique_ptr<Carrier> open_whatsapp_cloud(const WhatsappCloudSettings& settings,
                                             std::chrono::milliseconds timeout) {
  if (settings.phone_number_id.empty() || settings.token.empty()) {
    throw Error(ErrorCode::InvalidConfiguration,
                "A channel of kind whatsapp_cloud needs a number that sends and a token",
                "Set phone_number_id and token.");
  }
  return std::make_unique<WhatsappCloud>(settings, timeout);
}

std::unique_ptr<Carrier> open_http_gateway(const HttpGatewaySettings& settings,
                                           std::chrono::milliseconds timeout) {
  return std::make_unique<HttpGateway>(settings, timeout);
}

}  // namespace parley::outreach
