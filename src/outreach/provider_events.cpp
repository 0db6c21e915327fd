#include "outreach/provider_events.h"

#include <charconv>

#include "base/crypto.h"
#include "base/text.h"

namespace parley::outreach {
namespace {

constexpr std::size_t kIdBytesMax = 255;
constexpr std::int64_t kSecondsMax = 253402300799;  ///< The end of the year 9999.

const Json* find(const Json& value, std::string_view pointer) {
  json::error_code missing;
  return value.find_pointer(pointer, missing);
}

/// A text or number at the pointer, as text.
std::string text_at(const Json& value, std::string_view pointer) {
  const Json* found = find(value, pointer);
  if (found == nullptr) return {};
  std::string text;
  if (found->is_string()) text = std::string_view(found->get_string());
  if (found->is_number()) text = to_text(*found);
  return is_storable_text(text) ? text : std::string();
}

const json::array* array_at(const Json& value, std::string_view pointer) {
  const Json* found = find(value, pointer);
  return found == nullptr ? nullptr : found->if_array();
}

/// Seconds since 1970, or RFC 3339.
std::optional<Timestamp> time_of(const std::string& text) {
  std::int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, seconds);
  if (problem == std::errc() && rest == end && seconds >= 0 && seconds <= kSecondsMax)
    return Timestamp(std::chrono::seconds(seconds));
  return parse_timestamp(text);
}

std::string error_text(const Json& event) {
  std::string title = text_at(event, "/errors/0/message");
  if (title.empty()) title = text_at(event, "/errors/0/title");
  const std::string details = text_at(event, "/errors/0/error_data/details");
  if (details.empty() || details == title) return title;
  return title.empty() ? details : title + " (" + details + ")";
}

void append(std::vector<ProviderEvent>& events, const json::array* statuses) {
  if (statuses == nullptr) return;
  for (const Json& status : *statuses) {
    if (auto event = read_event(status)) events.push_back(*std::move(event));
  }
}

std::vector<ProviderEvent> events_of_envelope(const json::array& entries) {
  std::vector<ProviderEvent> events;
  for (const Json& entry : entries) {
    const json::array* changes = array_at(entry, "/changes");
    if (changes == nullptr) continue;
    for (const Json& change : *changes) {
      if (text_at(change, "/field") == "messages")
        append(events, array_at(change, "/value/statuses"));
    }
  }
  return events;
}

/// How far a message is. A failed one may still turn out to have arrived.
enum class Rank { Pending, Sending, Sent, Failed, Delivered, Read };

Rank rank_of(DeliveryStatus status) {
  switch (status) {
    case DeliveryStatus::Queued: return Rank::Pending;
    case DeliveryStatus::Sending:
    case DeliveryStatus::Unknown: return Rank::Sending;
    case DeliveryStatus::Sent: return Rank::Sent;
    case DeliveryStatus::Failed: return Rank::Failed;
    case DeliveryStatus::Delivered: return Rank::Delivered;
    case DeliveryStatus::Read:
    case DeliveryStatus::Deleted: break;
  }
  return Rank::Read;
}

}  // namespace

std::optional<std::vector<ProviderEvent>> events_of(const Json& body) {
  if (const json::array* entries = array_at(body, "/entry")) return events_of_envelope(*entries);
  const json::array* statuses = array_at(body, "/statuses");
  if (statuses == nullptr) return std::nullopt;
  std::vector<ProviderEvent> events;
  append(events, statuses);
  return events;
}

std::optional<ProviderEvent> read_event(const Json& value) {
  ProviderEvent event{.external_id = text_at(value, "/id"),
                      .status_raw = text_at(value, "/status"),
                      .provider_time = time_of(text_at(value, "/timestamp")),
                      .error_code = text_at(value, "/errors/0/code"),
                      .error_message = error_text(value),
                      .log_id = text_at(value, "/biz_opaque_callback_data"),
                      .conversation_id = text_at(value, "/conversation/id"),
                      .pricing_model = text_at(value, "/pricing/pricing_model"),
                      .payload = to_text(value)};
  const bool is_readable = !event.external_id.empty() && !event.status_raw.empty() &&
                           event.external_id.size() <= kIdBytesMax &&
                           event.log_id.size() <= kIdBytesMax;
  if (!is_readable) return std::nullopt;
  event.status =
      parse_word<DeliveryStatus>(lower(event.status_raw)).value_or(DeliveryStatus::Unknown);
  return event;
}

std::string dedupe_hash(std::string_view source, const ProviderEvent& event) {
  const std::string time = event.provider_time ? format_rfc3339(*event.provider_time) : "";
  // None of the parts has a line feed of its own but the last, so that no two events look alike.
  const std::vector<std::string> parts{std::string(source), time, lower(event.status_raw),
                                       event.external_id};
  return to_hex(sha256(join(parts, "\n")));
}

bool is_signed(std::string_view secret, std::string_view body, std::string_view signature) {
  constexpr std::string_view kPrefix = "sha256=";
  if (signature.starts_with(kPrefix)) signature.remove_prefix(kPrefix.size());
  return equal_constant_time(lower(signature), to_hex(hmac_sha256(secret, body)));
}

std::optional<DeliveryStatus> status_after(std::string_view known, DeliveryStatus event) {
  // A word of no vocabulary, in rows from elsewhere, gives way to any.
  const Rank rank = rank_of(parse_word<DeliveryStatus>(known).value_or(DeliveryStatus::Queued));
  const bool is_odd = event == DeliveryStatus::Unknown;
  const bool is_later = is_odd ? rank < Rank::Failed : rank_of(event) > rank;
  // A message that was read can still be deleted.
  const bool is_deletion = event == DeliveryStatus::Deleted && known != word(event);
  if (!is_later && !is_deletion) return std::nullopt;
  return event;
}

}  // namespace parley::outreach
