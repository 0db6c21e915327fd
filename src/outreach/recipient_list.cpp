#include "outreach/recipient_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "base/error.h"
#include "base/text.h"
#include "outreach/channels/mime.h"
#include "outreach/csv.h"
#include "outreach/records.h"
#include "outreach/split.h"

namespace parley::outreach {
namespace {

using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 6> kName{"name",         "full_name",      "customer_name",
                                                "contact_name", "recipient_name", "contact"};
constexpr std::array<std::string_view, 3> kFirstName{"first_name", "firstname", "given_name"};
constexpr std::array<std::string_view, 4> kLastName{"last_name", "lastname", "surname",
                                                    "family_name"};
constexpr std::array<std::string_view, 6> kEmail{"email",        "e_mail", "email_address",
                                                 "mail_address", "mail",   "recipient_email"};
constexpr std::array<std::string_view, 8> kPhone{
    "phone", "phone_number", "telephone", "mobile", "whatsapp", "cell", "tel", "mobile_phone"};
constexpr std::array<std::string_view, 5> kCompany{"company", "company_name", "organisation",
                                                   "organization", "firm"};

/// Where the columns are that every recipient has.
struct Places {
  std::optional<std::size_t> name;
  std::optional<std::size_t> first_name;
  std::optional<std::size_t> last_name;
  std::optional<std::size_t> email;
  std::optional<std::size_t> phone;
  std::optional<std::size_t> company;
};

std::optional<std::size_t> place_of(const std::vector<std::string>& variables, Names names) {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(variables, name);
    if (found != variables.end()) return static_cast<std::size_t>(found - variables.begin());
  }
  return std::nullopt;
}

Places places_of(const std::vector<std::string>& variables) {
  return {.name = place_of(variables, kName),
          .first_name = place_of(variables, kFirstName),
          .last_name = place_of(variables, kLastName),
          .email = place_of(variables, kEmail),
          .phone = place_of(variables, kPhone),
          .company = place_of(variables, kCompany)};
}

std::string field_at(const CsvRow& row, const std::optional<std::size_t>& place) {
  return place ? std::string(trim(row.fields[*place])) : std::string();
}

std::string name_in(const CsvRow& row, const Places& places) {
  if (places.name) return field_at(row, places.name);
  const std::string both = field_at(row, places.first_name) + " " + field_at(row, places.last_name);
  return std::string(trim(both));
}

std::optional<std::string> if_any(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

TemplateRecipient recipient_in(const CsvRow& row, const Places& places,
                               const std::vector<std::string>& variables) {
  TemplateRecipient recipient{.name = name_in(row, places),
                              .email = lower(field_at(row, places.email)),
                              .phone = if_any(normal_phone(field_at(row, places.phone))),
                              .company = if_any(field_at(row, places.company)),
                              .fields = {}};
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const bool is_own =
        i == places.name || i == places.email || i == places.phone || i == places.company;
    if (!is_own) recipient.fields.insert_or_assign(variables[i], std::string(trim(row.fields[i])));
  }
  return recipient;
}

/// Why nobody can be written to by this; empty when somebody can.
std::string problem_of(const TemplateRecipient& recipient, Channel channel) {
  if (recipient.name.empty()) return "there is no name";
  if (channel == Channel::Whatsapp) return recipient.phone ? "" : "there is no phone number";
  if (recipient.email.empty()) return "there is no e-mail address";
  if (!is_mail_address(recipient.email))
    return fmt::format("'{}' is no e-mail address", recipient.email);
  return "";
}

void require_columns(const Places& places, Channel channel) {
  const bool has_name = places.name || places.first_name || places.last_name;
  const bool has_address =
      channel == Channel::Email ? places.email.has_value() : places.phone.has_value();
  if (has_name && has_address) return;
  throw Error(ErrorCode::InvalidArgument,
              fmt::format("The first line names no column for the {}", !has_name ? "name"
                                                                       : channel == Channel::Email
                                                                           ? "e-mail address"
                                                                           : "phone number"),
              "It is, for example: name,email,phone,company");
}

}  // namespace

RecipientList read_recipients(std::string_view csv, Channel channel) {
  CsvReader reader(csv);
  const std::optional<CsvRow> first = reader.next();
  RecipientList list;
  if (first && first->problem.empty()) list.columns = first->fields;
  list.variables = variable_names(list.columns);
  const Places places = places_of(list.variables);
  require_columns(places, channel);
  while (const std::optional<CsvRow> row = reader.next()) {
    if (!row->problem.empty()) {
      list.broken.push_back({row->line, row->problem});
    } else if (row->fields.size() != list.columns.size()) {
      list.broken.push_back({row->line, fmt::format("it has {} fields instead of {}",
                                                    row->fields.size(), list.columns.size())});
    } else {
      TemplateRecipient recipient = recipient_in(*row, places, list.variables);
      const std::string problem = problem_of(recipient, channel);
      if (problem.empty()) {
        list.recipients.push_back({row->line, std::move(recipient)});
      } else {
        list.broken.push_back({row->line, problem});
      }
    }
  }
  return list;
}

}  // namespace parley::outreach
