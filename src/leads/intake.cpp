#include "leads/intake.h"

#include "base/text.h"
#include "leads/events.h"
#include "leads/notes.h"
#include "leads/rows.h"
#include "leads/stored_json.h"
#include "leads/wire.h"
#include "leads/workflows.h"
#include "store/query.h"

namespace parley::leads {
namespace {

std::optional<std::string> or_nothing(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

void set_name(LeadRow& lead, const JsonObject& user) {
  const std::string name = collapse_white_space(text_at(user, "display_name").value_or(""));
  const std::size_t blank = name.find(' ');
  lead.name = or_nothing(name);
  lead.first_name = or_nothing(name.substr(0, blank));
  lead.last_name = blank == std::string::npos ? std::nullopt : or_nothing(name.substr(blank + 1));
}

std::optional<std::string> address_of(const JsonObject& project) {
  const JsonObject* place = object_at(project, "location");
  const auto code = text_at(place == nullptr ? project : *place, "postal_code");
  if (!code) return std::nullopt;
  return "Location: " + *code;
}

JsonObject intake_note(const PlatformLead& given, const std::string& services, Timestamp now) {
  JsonObject data = given.project;
  data["platform"] = JsonObject{{"business_id", given.business_id},
                                {"conversation_id", given.conversation_id},
                                {"time_created", given.time_created},
                                {"last_event_time", given.last_event_time},
                                {"temporary_email_address_expiry", given.email_expiry},
                                {"temporary_phone_number_expiry", given.phone_expiry}};
  return make_note({},
                   {.type = std::string(kPlatformNote),
                    .content = "Lead from yelp" + (services.empty() ? "" : ": " + services),
                    .author = "system",
                    .data = std::move(data)},
                   now);
}

JsonObject event_data(const PlatformLead& given) {
  return {{"platform", kPlatform},
          {"external_id", given.id},
          {"business_id", given.business_id},
          {"conversation_id", given.conversation_id},
          {"project", given.project}};
}

}  // namespace

std::string services_of(const JsonObject& project) {
  std::vector<std::string> names;
  const Json* value = project.if_contains("job_names");
  const auto* list = value == nullptr ? nullptr : value->if_array();
  if (list == nullptr) return {};
  for (const Json& each : *list) {
    if (each.is_string()) names.emplace_back(each.get_string());
  }
  return join(names, ", ");
}

LeadRow lead_of(const PlatformLead& given, Timestamp now) {
  const std::string services = services_of(given.project);
  LeadRow lead{.email = given.email,
               .phone = given.phone,
               .address = address_of(given.project),
               .external_id = given.id,
               .service_requested = or_nothing(services),
               .status = word(LeadStatus::New),
               .source = std::string(kPlatform),
               .created_at = now,
               .updated_at = now,
               .notes = Json(json::array{intake_note(given, services, now)}),
               .interaction_history = Json(json::array{})};
  set_name(lead, given.user);
  return lead;
}

Intake take_in(store::UnitOfWork& unit, const PlatformLead& given, Responding responding,
               Timestamp now) {
  if (auto known = find_lead_of(unit.connection, given.id)) return {.lead = *std::move(known)};
  hold_name(unit.connection, "lead.external_id", given.id);
  const auto look_again = store::select<LeadRow>()
                              .where(store::equals<&LeadRow::external_id>(given.id))
                              .order_by<&LeadRow::id>()
                              .for_update();
  if (auto known = look_again.first(unit.connection)) return {.lead = *std::move(known)};
  LeadRow lead = lead_of(given, now);
  lead.id = store::insert(unit.connection, lead);
  unit.events.push_back(lead_created(lead));
  FiredEvent fired =
      fire_event(unit, lead, {.type = word(TriggerType::NewLead), .source = lead.source},
                 event_data(given), responding, now);
  return {.lead = std::move(lead), .session = std::move(fired.session), .is_new = true};
}

}  // namespace parley::leads
