#include "outreach/channels/smtp.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cstring>
#include <mutex>

#include "base/check.h"
#include "base/error.h"
#include "base/text.h"
#include "outreach/channels/message_id.h"

namespace parley::outreach {
namespace {

struct CloseCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, CloseCurl>;

/// The recipients of one envelope.
class Recipients {
 public:
  explicit Recipients(const std::string& address)
      : list_(curl_slist_append(nullptr, address.c_str())) {
    PARLEY_CHECK(list_ != nullptr);
  }
  ~Recipients() { curl_slist_free_all(list_); }
  Recipients(const Recipients&) = delete;
  Recipients& operator=(const Recipients&) = delete;
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_;
};

/// What libcurl reads and tells during one attempt.
struct Attempt {
  std::string_view unread;  ///< Of the message.
  bool has_begun = false;   ///< The server has asked for the message.
  bool is_ended = false;    ///< All of it was given away; next goes the dot that ends it.
  int code = 0;             ///< Of the server's last answer but the one to QUIT; 0 before any.
  std::string answer;       ///< Its lines.
  bool is_continued = false;
  const std::atomic<bool>* is_stopping = nullptr;
};

std::size_t read_message(char* to, std::size_t size, std::size_t count, void* context) {
  auto& attempt = *static_cast<Attempt*>(context);
  attempt.has_begun = true;
  const std::size_t bytes = std::min(size * count, attempt.unread.size());
  std::memcpy(to, attempt.unread.data(), bytes);
  attempt.unread.remove_prefix(bytes);
  if (bytes == 0) attempt.is_ended = true;
  return bytes;
}

/// The code at the start of a line; 0 when there is none.
int code_of(std::string_view line) {
  int code = 0;
  const auto [rest, problem] = std::from_chars(line.data(), line.data() + line.size(), code);
  return problem == std::errc() && rest == line.data() + 3 ? code : 0;
}

/// libcurl hands out the server's lines as headers. After a refusal it says QUIT, whose answer must
/// not take the refusal's place.
std::size_t hear_line(char* line, std::size_t size, std::size_t count, void* context) {
  constexpr int kClosing = 221;
  auto& attempt = *static_cast<Attempt*>(context);
  const std::string_view text = trim({line, size * count});
  const int code = code_of(text);
  if (code == 0 || code == kClosing) return size * count;
  if (!attempt.is_continued) attempt.answer.clear();
  if (attempt.is_continued) attempt.answer += '\n';
  attempt.answer += text;
  attempt.code = code;
  attempt.is_continued = text.size() > 3 && text[3] == '-';
  return size * count;
}

std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

int ends_early(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& attempt = *static_cast<const Attempt*>(context);
  return *attempt.is_stopping && !attempt.has_begun ? 1 : 0;
}

/// libcurl wants to be told once, before there are threads that use it.
void prepare_curl() {
  static const CURLcode outcome = curl_global_init(CURL_GLOBAL_DEFAULT);
  PARLEY_CHECK(outcome == CURLE_OK);
}

class Smtp final : public Carrier {
 public:
  Smtp(SmtpSettings settings, std::chrono::milliseconds timeout, const Clock& clock)
      : settings_(std::move(settings)), timeout_(timeout), clock_(clock) {}

  std::optional<std::string> message_id_of(const OutgoingMessage& message) const override {
    return mail_id_of(message.log_id, settings_.from.address);
  }
  bool may_repeat() const override { return false; }
  void stop() override { is_stopping_ = true; }

  SendOutcome send(const OutgoingMessage& message) override {
    const std::string& address = message.recipient.email;
    if (!is_mail_address(address)) {
      return Refused{Refused::Kind::Permanent,
                     fmt::format("'{}' is no address for e-mail", address), "invalid_address"};
    }
    const std::string text = mime_text({.from = settings_.from,
                                        .to = {message.recipient.name, address},
                                        .subject = message.text.subject.value_or(""),
                                        .content = message.text.content.value_or(""),
                                        .message_id = message_id_of(message).value(),
                                        .date = clock_.now()});
    Handle handle = take_handle();
    SendOutcome outcome = attempt(handle.get(), address, text);
    if (std::holds_alternative<Accepted>(outcome))
      std::get<Accepted>(outcome).message_id = message_id_of(message).value();
    give_back(std::move(handle));
    return outcome;
  }

 private:
  Handle take_handle() {
    const std::scoped_lock lock(mutex_);
    if (!idle_.empty()) {
      Handle handle = std::move(idle_.back());
      idle_.pop_back();
      return handle;
    }
    Handle handle(curl_easy_init());
    PARLEY_CHECK(handle != nullptr);
    return handle;
  }

  /// With its connection, which the next message takes.
  void give_back(Handle handle) {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(handle));
  }

  /// A kept connection that the server has closed meanwhile costs a second try, on a new one.
  SendOutcome attempt(CURL* handle, const std::string& address, std::string_view text) const {
    std::optional<SendOutcome> outcome;
    while (!outcome) outcome = try_once(handle, address, text);
    return *std::move(outcome);
  }

  /// Nothing when the connection was a kept one that had ended. curl_easy_reset keeps connections.
  std::optional<SendOutcome> try_once(CURL* handle, const std::string& address,
                                      std::string_view text) const {
    Attempt attempt;
    attempt.unread = text;
    attempt.is_stopping = &is_stopping_;
    const Recipients recipients(fmt::format("<{}>", address));
    std::array<char, CURL_ERROR_SIZE> trouble{};
    configure(handle, attempt, recipients);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, trouble.data());
    const CURLcode code = curl_easy_perform(handle);
    long connections = 0;
    curl_easy_getinfo(handle, CURLINFO_NUM_CONNECTS, &connections);
    // Nothing of this attempt is to be referred to any more.
    curl_easy_reset(handle);
    const bool was_kept = connections == 0;
    const bool is_over = is_lost(code) && attempt.code < 400 && was_kept;
    if (is_over && !attempt.has_begun && !is_stopping_) return std::nullopt;
    return outcome_of(code, attempt, trouble.data());
  }

  void configure(CURL* handle, Attempt& attempt, const Recipients& recipients) const {
    const auto set = [&](CURLoption option, auto value) {
      PARLEY_CHECK(curl_easy_setopt(handle, option, value) == CURLE_OK);
    };
    const bool has_tls = settings_.security == SmtpSecurity::Tls;
    const std::string& from = settings_.from.address;
    const std::string url = fmt::format("{}://{}:{}/{}", has_tls ? "smtps" : "smtp", settings_.host,
                                        settings_.port, from.substr(from.rfind('@') + 1));
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    const CURLcode is_known = curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    PARLEY_CHECK(is_known == CURLE_OK);
    set(CURLOPT_USE_SSL,
        static_cast<long>(settings_.security == SmtpSecurity::None ? CURLUSESSL_NONE
                                                                   : CURLUSESSL_ALL));
    if (!settings_.authorities_file.empty())
      set(CURLOPT_CAINFO, settings_.authorities_file.c_str());
    if (!settings_.user.empty()) {
      set(CURLOPT_USERNAME, settings_.user.c_str());
      set(CURLOPT_PASSWORD, settings_.password.c_str());
    }
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_.count()));
    set(CURLOPT_MAIL_FROM, fmt::format("<{}>", from).c_str());
    set(CURLOPT_MAIL_RCPT, recipients.get());
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &read_message);
    set(CURLOPT_READDATA, &attempt);
    set(CURLOPT_HEADERFUNCTION, &hear_line);
    set(CURLOPT_HEADERDATA, &attempt);
    set(CURLOPT_WRITEFUNCTION, &drop);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &ends_early);
    set(CURLOPT_XFERINFODATA, &attempt);
  }

  static bool is_lost(CURLcode code) {
    return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
  }

  static SendOutcome outcome_of(CURLcode code, const Attempt& attempt, const char* trouble) {
    if (code == CURLE_OK) return Accepted{};
    const std::string text = *trouble != '\0' ? trouble : curl_easy_strerror(code);
    // 354 asked for the message and nothing came after it.
    if (attempt.is_ended && attempt.code < 400)
      return Unknown{shortened_reason("the server never answered to the message: " + text)};
    // The sender, the recipient, DATA, or the whole message was refused, and not the log-in or the
    // greeting: another message may fare better.
    const bool is_of_message =
        code == CURLE_SEND_ERROR || (code == CURLE_WEIRD_SERVER_REPLY && attempt.has_begun);
    if (attempt.code < 400) return Refused{Refused::Kind::Transient, shortened_reason(text), {}};
    return Refused{
        attempt.code >= 500 && is_of_message ? Refused::Kind::Permanent : Refused::Kind::Transient,
        shortened_reason(attempt.answer), fmt::format("{}", attempt.code)};
  }

  const SmtpSettings settings_;
  const std::chrono::milliseconds timeout_;
  const Clock& clock_;
  std::atomic<bool> is_stopping_ = false;
  std::mutex mutex_;
  std::vector<Handle> idle_;
};

}  // namespace

std::unique_ptr<Carrier> open_smtp(const SmtpSettings& settings, std::chrono::milliseconds timeout,
                                   const Clock& clock) {
  if (settings.host.empty() || settings.from.address.empty()) {
    throw Error(ErrorCode::InvalidConfiguration, "A channel of kind smtp needs a host and a sender",
                "Set host and from.");
  }
  prepare_curl();
  return std::make_unique<Smtp>(settings, timeout, clock);
}

}  // namespace parley::outreach
