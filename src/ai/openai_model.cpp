#include "ai/openai_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "ai/openai_protocol.h"
#include "base/check.h"
#include "http/retry_after.h"
#include "http/url.h"

namespace parley::ai {
namespace {

using std::chrono::milliseconds;

/// One question with all its tries. Kept alive by the call that is under way.
class OpenAiCall : public std::enable_shared_from_this<OpenAiCall> {
 public:
  OpenAiCall(http::Client& client, const Clock& clock, std::shared_ptr<const Settings> settings,
             Request request, OnDelta on_delta, Done done, Cancellation cancellation)
      : client_(client),
        clock_(clock),
        settings_(std::move(settings)),
        request_(std::move(request)),
        on_delta_(std::move(on_delta)),
        done_(std::move(done)),
        cancellation_(std::move(cancellation)),
        started_(clock.now()) {}

  void begin();

 private:
  void send(milliseconds delay);
  http::ClientRequest request_to_send();
  void take(const http::ClientOutcome& outcome);
  void take_answer(const http::ClientAnswer& answer);
  std::optional<milliseconds> pause_after(const http::ClientAnswer& answer) const;
  void end(Outcome outcome);

  http::Client& client_;
  const Clock& clock_;
  const std::shared_ptr<const Settings> settings_;
  Request request_;
  const OnDelta on_delta_;
  Done done_;
  const Cancellation cancellation_;
  const Timestamp started_;
  int retries_ = 0;
  std::optional<CompletionReader> reader_;  ///< When the answer is to come in pieces.
};

void OpenAiCall::begin() {
  if (request_.model.empty()) request_.model = settings_->model;
  if (request_.api_key.empty()) request_.api_key = settings_->api_key;
  if (request_.model.empty()) {
    return end(Error(ErrorCode::InvalidConfiguration, "No model is named", "Set ai.model."));
  }
  send(milliseconds(0));
}

http::ClientRequest OpenAiCall::request_to_send() {
  const Delivery delivery = on_delta_ ? Delivery::Streamed : Delivery::Whole;
  http::ClientRequest request{.method = "POST",
                              .url = settings_->base_url + "/chat/completions",
                              .headers = {{"Content-Type", "application/json"}},
                              .body = request_text(request_, delivery),
                              .timeout = settings_->timeout,
                              .cancellation = cancellation_};
  if (!request_.api_key.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + request_.api_key);
  }
  if (on_delta_) {
    reader_.emplace(on_delta_);
    request.on_body = [self = shared_from_this()](std::string_view piece) {
      self->reader_->feed(piece);
    };
  }
  return request;
}

void OpenAiCall::send(milliseconds delay) {
  http::ClientRequest request = request_to_send();
  request.delay = delay;
  try {
    client_.send(
        std::move(request),
        [self = shared_from_this()](const http::ClientOutcome& outcome) { self->take(outcome); });
  } catch (const Error&) {
    // The URL has been looked at, so it is the header with the key.
    end(Error(ErrorCode::PermissionDenied, "The key of the model cannot be sent: it is no token"));
  }
}

void OpenAiCall::take(const http::ClientOutcome& outcome) {
  const auto* answer = std::get_if<http::ClientAnswer>(&outcome);
  if (answer != nullptr) return take_answer(*answer);
  const auto& error = std::get<Error>(outcome);
  end(Error(error.code() == ErrorCode::PayloadTooLarge ? ErrorCode::Unavailable : error.code(),
            fmt::format("The model did not answer. {}", error.what())));
}

void OpenAiCall::take_answer(const http::ClientAnswer& answer) {
  if (answer.is_success()) return end(reader_ ? reader_->finish() : read_completion(answer.body));
  const auto pause = pause_after(answer);
  if (!pause) return end(error_of_status(answer.status, answer.body));
  ++retries_;
  send(*pause);
}

/// How long to wait before the next try; nothing when there is to be none.
std::optional<milliseconds> OpenAiCall::pause_after(const http::ClientAnswer& answer) const {
  const bool may_come_again = answer.status == 429 || answer.status >= 500;
  if (!may_come_again || retries_ >= settings_->retries) return std::nullopt;
  const milliseconds pause = settings_->retry_pause * (1 << std::min(retries_, 10));
  const auto wanted = http::retry_after(answer.header("Retry-After"), clock_.now());
  if (!wanted) return std::min(pause, settings_->retry_pause_max);
  if (*wanted > settings_->retry_pause_max) return std::nullopt;
  return std::max(pause, *wanted);
}

void OpenAiCall::end(Outcome outcome) {
  const Done done = std::exchange(done_, nullptr);
  PARLEY_CHECK(done != nullptr);
  if (auto* completion = std::get_if<Completion>(&outcome)) {
    if (completion->model.empty()) completion->model = request_.model;
    const auto taken = std::chrono::duration_cast<milliseconds>(clock_.now() - started_);
    completion->response_time = std::max(taken, milliseconds(0));  // The clock may be set back.
  }
  done(std::move(outcome));
}

}  // namespace

OpenAiModel::OpenAiModel(http::Client& client, const Clock& clock, Settings settings)
    : client_(client), clock_(clock), settings_([&] {
        while (settings.base_url.ends_with('/')) settings.base_url.pop_back();
        return std::make_shared<const Settings>(std::move(settings));
      }()) {
  try {
    http::parse_url(settings_->base_url);
  } catch (const Error& error) {
    throw Error(ErrorCode::InvalidConfiguration,
                fmt::format("The base URL of the language model cannot be used: {}", error.what()),
                "Write it like https://api.openai.com/v1; /chat/completions is added.");
  }
}

void OpenAiModel::ask(Request request, OnDelta on_delta, Done done, Cancellation cancellation) {
  std::make_shared<OpenAiCall>(client_, clock_, settings_, std::move(request), std::move(on_delta),
                               std::move(done), std::move(cancellation))
      ->begin();
}

}  // namespace parley::ai
