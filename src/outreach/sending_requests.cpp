#include "outreach/sending_requests.h"

#include <fmt/format.h>

#include <array>

#include "api/fields.h"
#include "base/text.h"
#include "outreach/records.h"
#include "outreach/send_contents.h"

namespace parley::outreach {
namespace {

using api::BodyReader;
using api::kNameCharactersMax;

constexpr std::int64_t kPartsMax = 1000;
constexpr std::int64_t kCountMax = 1'000'000;
constexpr std::size_t kTemplateCharactersMax = 500'000;

/// The texts of a list; what is no text is wrong.
std::vector<std::string> texts_in(BodyReader& body, std::string_view field) {
  std::vector<std::string> texts;
  for (const Json& item : body.optional_array(field).value_or(json::array{})) {
    if (item.is_string()) {
      texts.emplace_back(item.get_string());
    } else {
      body.errors().add(field, "wrong_type", "must be a list of texts");
      break;
    }
  }
  return texts;
}

/// A cell of a list of recipients as text.
std::string cell_text(const Json& cell) {
  if (cell.is_string()) return std::string(cell.get_string());
  return cell.is_null() ? std::string() : to_text(cell);
}

/// The names of variables: texts, or what `/variables` answers.
std::vector<std::string> variables_in(BodyReader& body) {
  std::vector<std::string> names;
  for (const Json& item : body.optional_array("variables").value_or(json::array{})) {
    const Json* name = item.is_object() ? item.get_object().if_contains("variable_name") : &item;
    if (name != nullptr && name->is_string()) {
      names.emplace_back(name->get_string());
    } else {
      body.errors().add("variables", "wrong_type", "must be a list of names");
      break;
    }
  }
  return names;
}

MessageTemplate read_template(BodyReader& body) {
  const auto text = [&](std::string_view field) -> std::optional<std::string> {
    if (body.find(field) == nullptr) return std::nullopt;
    return body.text_or_empty(field, kTemplateCharactersMax);
  };
  MessageTemplate message{.id = body.text_or_empty("id", kNameCharactersMax),
                          .name = body.text_or_empty("name", kNameCharactersMax),
                          .subject = text("subject"),
                          .content = text("content"),
                          .whatsapp_content = text("whatsapp_content"),
                          .variables = std::nullopt};
  if (body.find("variables") != nullptr) message.variables = variables_in(body);
  return message;
}

MessageTemplate template_of(BodyReader& body) {
  body.require("template");
  BodyReader of_template(body.optional_object("template").value_or(JsonObject{}), "/template");
  MessageTemplate message = read_template(of_template);
  body.errors().add_all(of_template.errors());
  return message;
}

/// Fields beside those that every recipient has: texts, numbers and truth values.
void add_fields(TemplateRecipient& recipient, const JsonObject& object) {
  static constexpr std::array<std::string_view, 5> kOwn{"name", "email", "phone", "company",
                                                        "fields"};
  for (const auto& [name, value] : object) {
    const bool is_own = std::ranges::find(kOwn, std::string_view(name)) != kOwn.end();
    if (is_own || value.is_structured() || value.is_null()) continue;
    recipient.fields.insert_or_assign(std::string(name), cell_text(value));
  }
}

TemplateRecipient read_recipient(const JsonObject& object, BodyReader& body) {
  TemplateRecipient recipient{.name = body.text_or_empty("name", kNameCharactersMax),
                              .email = lower(trim(body.text_or_empty("email", kNameCharactersMax))),
                              .phone = body.optional_text("phone", kNameCharactersMax),
                              .company = body.optional_text("company", kNameCharactersMax),
                              .fields = {}};
  add_fields(recipient, object);
  if (const auto fields = body.optional_object("fields")) add_fields(recipient, *fields);
  return recipient;
}

std::vector<TemplateRecipient> recipients_in(BodyReader& body) {
  std::vector<TemplateRecipient> recipients;
  const json::array items = body.optional_array("recipients").value_or(json::array{});
  if (items.empty() || items.size() > kQueuedAtOnce) {
    body.errors().add("recipients", "out_of_range", fmt::format("must be 1 to {}", kQueuedAtOnce));
    return recipients;
  }
  for (const Json& item : items) {
    const std::string pointer = fmt::format("/recipients/{}", recipients.size());
    if (!item.is_object())
      throw http::invalid_field(pointer, "wrong_type", "A JSON object is expected here");
    BodyReader of_item(item.get_object(), pointer);
    TemplateRecipient recipient = read_recipient(item.get_object(), of_item);
    if (recipient.phone) recipient.phone = normal_phone(*recipient.phone);
    of_item.require("name");
    body.errors().add_all(of_item.errors());
    recipients.push_back(std::move(recipient));
  }
  return recipients;
}

std::vector<std::string> parts_of(BodyReader& body, SplitStrategy strategy) {
  if (strategy == SplitStrategy::Manual) {
    body.require("parts");
    return texts_in(body, "parts");
  }
  const std::string content = body.text_or_empty("content", kTemplateCharactersMax);
  if (content.empty()) body.require("content");
  if (strategy == SplitStrategy::Paragraph) return paragraphs_of(content);
  if (strategy == SplitStrategy::Sentence) return sentences_of(content);
  const std::string delimiter = body.find("delimiter") == nullptr ? "" : body.any_text("delimiter");
  if (delimiter.empty()) {
    body.errors().add("delimiter", "required", "is required for the strategy custom");
    return {};
  }
  return pieces_between(content, delimiter);
}

/// The value of each column: of one row, an object, or of several.
void add_row(ColumnsRequest& columns, const Json& row) {
  for (std::size_t i = 0; i < columns.columns.size(); ++i) {
    if (row.is_object()) {
      const Json* cell = row.get_object().if_contains(columns.columns[i]);
      if (cell != nullptr) columns.values[i].push_back(cell_text(*cell));
    } else if (row.is_array() && i < row.get_array().size()) {
      columns.values[i].push_back(cell_text(row.get_array()[i]));
    }
  }
}

/// A list of values stands for one row, a list of rows for several.
void add_sample(ColumnsRequest& columns, const Json& sample) {
  const bool is_rows = sample.is_array() && !sample.get_array().empty() &&
                       sample.get_array().front().is_structured();
  if (!is_rows) return add_row(columns, sample);
  for (const Json& row : sample.get_array()) add_row(columns, row);
}

}  // namespace

RenderRequest read_render(const http::Request& request) {
  BodyReader body(read_object(request), "");
  RenderRequest wanted{.message = template_of(body), .recipient = {}};
  body.require("recipient");
  const JsonObject recipient = body.optional_object("recipient").value_or(JsonObject{});
  BodyReader of_recipient(recipient, "/recipient");
  wanted.recipient = read_recipient(recipient, of_recipient);
  body.errors().add_all(of_recipient.errors());
  body.finish();
  return wanted;
}

SplitText read_split(const http::Request& request) {
  BodyReader body(read_object(request), "");
  const auto strategy =
      body.optional_word<SplitStrategy>("strategy").value_or(SplitStrategy::Paragraph);
  std::vector<std::string> parts = parts_of(body, strategy);
  const std::int64_t parts_max = body.optional_integer("max_parts", 1, kPartsMax).value_or(10);
  body.finish();
  return fit(std::move(parts), static_cast<std::size_t>(parts_max));
}

ColumnsRequest read_columns(const http::Request& request) {
  BodyReader body(read_object(request), "");
  body.require("columns");
  ColumnsRequest columns{.columns = texts_in(body, "columns"), .values = {}};
  const Json* sample = body.find("sample");
  if (sample != nullptr && !sample->is_structured())
    body.errors().add("sample", "wrong_type", "must be a row, or a list of rows");
  body.finish();
  columns.values.resize(columns.columns.size());
  if (sample != nullptr) add_sample(columns, *sample);
  return columns;
}

QuotaRequest read_acquire(const http::Request& request, const Quotas& quotas) {
  BodyReader body(read_object(request), "");
  QuotaRequest wanted{.user_id = {}, .channel = body.word<Channel>("channel")};
  wanted.count = body.optional_integer("count", 1, kCountMax).value_or(1);
  const bool uses_burst = body.optional_boolean("use_burst").value_or(true);
  wanted.burst = uses_burst ? Burst::Allowed : Burst::Forbidden;
  const auto largest = quotas.largest_count(wanted.channel, wanted.burst);
  if (largest && wanted.count > *largest) {
    body.errors().add("count", "out_of_range",
                      fmt::format("is more than the quotas ever allow at once, {}", *largest));
  }
  body.finish();
  return wanted;
}

NewDelivery read_new_delivery(const http::Request& request) {
  BodyReader body(read_object(request), "");
  NewDelivery delivery{
      .message_id = body.text("message_id", kNameCharactersMax),
      .phone_number = body.text("phone_number", kNameCharactersMax),
      .template_name = body.optional_text("template_name", kTextCharactersMax),
      .message_content = body.optional_text("message_content", kTextCharactersMax),
      .conversation_id = body.optional_text("conversation_id", kTextCharactersMax)};
  body.finish();
  return delivery;
}

SendRequest read_send(const http::Request& request) {
  BodyReader body(read_object(request), "");
  SendRequest wanted{.message = template_of(body), .recipients = std::nullopt};
  const bool has_text = wanted.message.content.value_or("").size() +
                            wanted.message.whatsapp_content.value_or("").size() >
                        0;
  if (!has_text)
    body.errors().add("template", "required", "needs a content or a whatsapp_content to send");
  if (body.find("recipients") != nullptr) wanted.recipients = recipients_in(body);
  wanted.log_ids = texts_in(body, "log_ids");
  if (wanted.recipients && !wanted.log_ids.empty())
    body.errors().add("log_ids", "not_allowed", "are those of logged messages, not of recipients");
  wanted.via = body.optional_text("via", kNameCharactersMax);
  body.finish();
  return wanted;
}

}  // namespace parley::outreach
