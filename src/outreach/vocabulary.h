#pragma once

// The closed sets of words that the module stores and sends. Anything outside a set is refused with
// 422 before it reaches a table; what an adopted database has beside them is kept and shown as it
// is. Constants; any thread.

#include <array>
#include <string_view>

#include "base/vocabulary.h"

namespace parley::outreach {

enum class Channel { Email, Whatsapp };

/// In the order in which a message goes through them; `rank_of` compares (statuses.h).
enum class MessageStatus { Pending, Sending, Sent, Delivered, Read, Failed, Cancelled };

/// Of a `delivery_records` row.
enum class DeliveryStatus { Queued, Sending, Sent, Delivered, Read, Failed, Deleted, Unknown };

enum class LogLevel { Debug, Info, Warning, Error };
enum class Component { Database, Session, Logging, System, Delivery, Quota };
enum class QuotaType { MessagesPerMinute, MessagesPerHour, MessagesPerDay };
enum class SplitStrategy { Paragraph, Sentence, Custom, Manual };

/// Who said that the status of a message changed.
enum class StatusSource { Api, Sender, Callback };

}  // namespace parley::outreach

namespace parley {

template <>
inline constexpr std::array<std::string_view, 2> words_of<outreach::Channel>{"email", "whatsapp"};
template <>
inline constexpr std::array<std::string_view, 7> words_of<outreach::MessageStatus>{
    "pending", "sending", "sent", "delivered", "read", "failed", "cancelled"};
template <>
inline constexpr std::array<std::string_view, 8> words_of<outreach::DeliveryStatus>{
    "queued", "sending", "sent", "delivered", "read", "failed", "deleted", "unknown"};
template <>
inline constexpr std::array<std::string_view, 4> words_of<outreach::LogLevel>{"DEBUG", "INFO",
                                                                              "WARNING", "ERROR"};
template <>
inline constexpr std::array<std::string_view, 6> words_of<outreach::Component>{
    "database", "session", "logging", "system", "delivery", "quota"};
template <>
inline constexpr std::array<std::string_view, 3> words_of<outreach::QuotaType>{
    "messages_per_minute", "messages_per_hour", "messages_per_day"};
template <>
inline constexpr std::array<std::string_view, 4> words_of<outreach::SplitStrategy>{
    "paragraph", "sentence", "custom", "manual"};
template <>
inline constexpr std::array<std::string_view, 3> words_of<outreach::StatusSource>{"api", "sender",
                                                                                  "callback"};

}  // namespace parley
