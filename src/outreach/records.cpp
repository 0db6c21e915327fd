#include "outreach/records.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/fields.h"
#include "base/error.h"
#include "base/text.h"
#include "outreach/problems.h"

namespace parley::outreach {
namespace {

using api::BodyReader;

constexpr std::size_t kPreviewCharacters = 100;

/// What is in the way of `text` being JSON is said in its words.
Json parse_body(std::string_view text, const std::string& pointer) {
  if (!is_storable_text(text)) {
    throw http::invalid_field(pointer, "not_storable", "The body must be UTF-8 without U+0000");
  }
  try {
    return parse_json(text);
  } catch (const Error& error) {
    throw not_json(error.what());
  }
}

JsonObject object_of(Json value, const std::string& pointer) {
  if (value.is_object()) return std::move(value.get_object());
  throw http::invalid_field(pointer, "wrong_type", "A JSON object is expected here");
}

/// The object in a field, with its fields to be read under `pointer`/`field`.
BodyReader part_of(BodyReader& body, std::string_view field, const std::string& pointer) {
  body.require(field);
  return {body.optional_object(field).value_or(JsonObject{}), fmt::format("{}/{}", pointer, field)};
}

std::optional<Timestamp> time_in(BodyReader& body, std::string_view field) {
  const std::optional<std::string> text = body.optional_text(field, api::kNameCharactersMax);
  if (!text) return std::nullopt;
  const std::optional<Timestamp> time = parse_timestamp(*text);
  if (!time) body.errors().add(field, "invalid_time", "must be a time as RFC 3339 writes it");
  return time;
}

Recipient read_recipient(BodyReader& body) {
  Recipient recipient{.name = body.text("name", api::kNameCharactersMax),
                      .email = lower(trim(body.text_or_empty("email", api::kNameCharactersMax))),
                      .phone = body.optional_text("phone", api::kNameCharactersMax),
                      .company = body.optional_text("company", api::kNameCharactersMax)};
  if (recipient.phone) recipient.phone = normal_phone(*recipient.phone);
  const bool has_phone = recipient.phone && !recipient.phone->empty();
  if (recipient.email.empty() && !has_phone) {
    body.errors().add("email", "required", "is required, or a phone");
  }
  return recipient;
}

void read_content(BodyReader& body, Record& record) {
  set_content(record, body.text_or_empty("content", kTextCharactersMax));
  const std::string preview = body.text_or_empty("content_preview", kTextCharactersMax);
  if (!preview.empty()) record.content_preview = first_code_points(preview, kPreviewCharacters);
}

std::optional<std::string> optional_text(BodyReader& body, std::string_view field) {
  std::string text = body.text_or_empty(field, kTextCharactersMax);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

/// Throws the problems of all three readers at once.
void finish(BodyReader& body, BodyReader& of_template, BodyReader& of_recipient) {
  body.errors().add_all(of_template.errors());
  body.errors().add_all(of_recipient.errors());
  body.finish();
}

Record read_record(JsonObject object, const std::string& pointer) {
  BodyReader body(std::move(object), pointer);
  BodyReader of_template = part_of(body, "template", pointer);
  BodyReader of_recipient = part_of(body, "recipient", pointer);
  Record record{
      .session_id = body.optional_text("session_id", api::kNameCharactersMax),
      .channel = body.word<Channel>("channel"),
      .template_id = of_template.text("id", api::kNameCharactersMax),
      .template_name = of_template.text("name", api::kNameCharactersMax),
      .recipient = read_recipient(of_recipient),
      .status = body.optional_word<MessageStatus>("status").value_or(MessageStatus::Pending),
      .message_id = optional_text(body, "message_id"),
      .delivery_status = optional_text(body, "delivery_status"),
      .error_message = optional_text(body, "error_message"),
      .sent_at = time_in(body, "sent_at"),
      .timestamp = time_in(body, "timestamp"),
      .has_attachments = body.optional_boolean("has_attachments").value_or(false),
      .metadata = body.optional_object("metadata").value_or(JsonObject{})};
  read_content(body, record);
  finish(body, of_template, of_recipient);
  return record;
}

void require_some(std::size_t records) {
  if (records >= 1 && records <= kBatchMax) return;
  throw http::invalid_field("/messages", "out_of_range",
                            fmt::format("messages must be 1 to {}", kBatchMax));
}

std::vector<Record> read_lines(std::string_view body) {
  std::vector<Record> records;
  for (std::size_t line = 0; !body.empty(); ++line) {
    const std::string_view text = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(body.size(), text.size() + 1));
    if (trim(text).empty()) continue;
    const std::string pointer = fmt::format("/messages/{}", records.size());
    require_some(records.size() + 1);
    records.push_back(read_record(object_of(parse_body(text, pointer), pointer), pointer));
  }
  require_some(records.size());
  return records;
}

}  // namespace

JsonObject read_object(const http::Request& request) {
  return object_of(parse_body(request.body, ""), "");
}

Record read_record(const http::Request& request) { return read_record(read_object(request), ""); }

std::vector<Record> read_batch(const http::Request& request) {
  if (request.header("Content-Type").starts_with("application/x-ndjson")) {
    return read_lines(request.body);
  }
  BodyReader body(read_object(request), "");
  body.require("messages");
  std::optional<json::array> messages = body.optional_array("messages");
  body.finish();
  require_some(messages->size());
  std::vector<Record> records;
  records.reserve(messages->size());
  for (Json& message : *messages) {
    const std::string pointer = fmt::format("/messages/{}", records.size());
    records.push_back(read_record(object_of(std::move(message), pointer), pointer));
  }
  return records;
}

void set_content(Record& record, std::string_view content) {
  record.content_characters = code_points(content);
  if (!content.empty()) record.content_preview = first_code_points(content, kPreviewCharacters);
}

std::string normal_phone(std::string_view phone) {
  std::string digits;
  for (const char c : phone) {
    if ((c >= '0' && c <= '9') || c == '+') digits += c;
  }
  constexpr std::size_t kWithoutCountry = 10;
  if (digits.find('+') != std::string::npos || digits.size() < kWithoutCountry) return digits;
  return (digits.size() == kWithoutCountry ? "+1" : "+") + digits;
}

}  // namespace parley::outreach
