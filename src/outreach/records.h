#pragma once

// A message as a caller reports it, read from the JSON of a request. Wrong fields are named with
// their JSON pointer, all of one record at once. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "http/message.h"
#include "outreach/vocabulary.h"

namespace parley::outreach {

/// Messages of one request at most.
inline constexpr std::size_t kBatchMax = 10'000;

/// The longest text of a field that has no shorter bound.
inline constexpr std::size_t kTextCharactersMax = 100'000;

struct Recipient {
  std::string name;
  std::string email;  ///< Trimmed, lower case; may be empty when there is a phone.
  std::optional<std::string> phone;
  std::optional<std::string> company;
};

struct Record {
  std::optional<std::string> session_id;  ///< None: the newest open session of the channel.
  Channel channel = Channel::Email;
  std::string template_id;
  std::string template_name;
  Recipient recipient;
  MessageStatus status = MessageStatus::Pending;
  std::optional<std::string> message_id;
  std::optional<std::string> delivery_status;
  std::optional<std::string> error_message;
  std::optional<Timestamp> sent_at;
  std::optional<Timestamp> timestamp;
  std::optional<std::string> content_preview;  ///< Cut to its length.
  std::size_t content_characters = 0;
  bool has_attachments = false;
  JsonObject metadata;
};

/// The object in the body. Throws the 400 problem when it is no JSON object, and 422 when it is no
/// UTF-8.
JsonObject read_object(const http::Request& request);

/// The one record of a body. Throws as `read_object`, and 422 for wrong fields.
Record read_record(const http::Request& request);

/// Those of `{messages: […]}`, or of a body in lines (`application/x-ndjson`).
std::vector<Record> read_batch(const http::Request& request);

/// What of the message's text is kept: its length and its beginning.
void set_content(Record& record, std::string_view content);

/// The number as it is dialled: digits and `+`; ten digits are of North America.
std::string normal_phone(std::string_view phone);

}  // namespace parley::outreach
