#include "leads/lead_records.h"

#include <algorithm>
#include <array>

#include "leads/events.h"
#include "leads/figures.h"
#include "leads/notes.h"
#include "leads/problems.h"
#include "leads/project_notes.h"
#include "leads/queries.h"
#include "leads/rows.h"
#include "leads/stored_json.h"
#include "leads/workflows.h"

namespace parley::leads {
namespace {

using store::equals;
using store::Order;
using store::set;

constexpr std::string_view kEmailName = "lead.email";
constexpr std::string_view kExternalIdName = "lead.external_id";
constexpr std::size_t kServiceCharactersMax = 255;

constexpr auto kActive = std::to_array<LeadStatus>(
    {LeadStatus::New, LeadStatus::Contacted, LeadStatus::Qualified, LeadStatus::InProgress});
constexpr auto kWon = std::to_array<LeadStatus>({LeadStatus::Won, LeadStatus::Completed});

/// Nobody else stores a lead of that e-mail before this transaction has ended. The empty one is
/// everybody's.
void require_free_email(store::UnitOfWork& unit, const std::string& email) {
  if (email.empty()) return;
  hold_name(unit.connection, kEmailName, email);
  // Locked, so that InnoDB finds what was committed while this one waited for the name.
  if (store::select<LeadRow>()
          .where(equals<&LeadRow::email>(email))
          .order_by<&LeadRow::id>()
          .for_update()
          .first(unit.connection)) {
    throw refused("email_taken", "Lead with this email already exists");
  }
}

void require_free_external_id(store::UnitOfWork& unit, const std::optional<std::string>& id) {
  if (!id || id->empty()) return;
  hold_name(unit.connection, kExternalIdName, *id);
  if (store::select<LeadRow>()
          .where(equals<&LeadRow::external_id>(*id))
          .order_by<&LeadRow::id>()
          .for_update()
          .first(unit.connection)) {
    throw refused("external_id_taken", "Lead with this external_id already exists");
  }
}

/// The row with what the project says in it.
LeadRow complete(NewLead lead, Timestamp now) {
  LeadRow row = std::move(lead.row);
  json::array notes = list_in(row.notes);
  add_project_notes(notes, lead.project_data, now);
  add_platform_note(notes, lead.platform_metadata, now);
  row.notes = std::move(notes);
  if (!row.interaction_history) row.interaction_history = json::array{};
  if (!row.service_requested || row.service_requested->empty()) {
    row.service_requested = services_in(lead.project_data, kServiceCharactersMax);
  }
  row.created_at = now;
  row.updated_at = now;
  return row;
}

store::Condition<LeadRow> matches(const LeadFilter& filter) {
  std::vector<store::Condition<LeadRow>> conditions;
  if (filter.status) conditions.push_back(equals<&LeadRow::status>(word(*filter.status)));
  if (filter.source) conditions.push_back(equals<&LeadRow::source>(*filter.source));
  if (filter.company) conditions.push_back(contains<&LeadRow::company>(*filter.company));
  if (filter.search) {
    conditions.push_back(any_of(contains<&LeadRow::name>(*filter.search),
                                contains<&LeadRow::email>(*filter.search),
                                contains<&LeadRow::company>(*filter.search)));
  }
  return all_of(conditions);
}

template <std::size_t N>
bool is_among(const std::array<LeadStatus, N>& statuses, const std::string& status) {
  return std::ranges::any_of(statuses, [&](LeadStatus each) { return word(each) == status; });
}

}  // namespace

LeadRow add_lead(store::UnitOfWork& unit, NewLead lead, Responding responding, Timestamp now) {
  require_free_email(unit, lead.row.email);
  require_free_external_id(unit, lead.row.external_id);
  const JsonObject metadata = lead.platform_metadata;
  LeadRow row = complete(std::move(lead), now);
  row.id = store::insert(unit.connection, row);
  unit.events.push_back(lead_created(row));
  fire_event(unit, row, {.type = word(TriggerType::NewLead), .source = row.source}, metadata,
             responding, now);
  return row;
}

LeadRow lead_of(database::Connection& connection, std::int64_t id) {
  std::optional<LeadRow> lead = find_lead(connection, id);
  if (!lead) throw lead_not_found(id);
  return *std::move(lead);
}

LeadRow locked_lead_of(store::UnitOfWork& unit, std::int64_t id) {
  std::optional<LeadRow> lead = lock_lead(unit.connection, id);
  if (!lead) throw lead_not_found(id);
  return *std::move(lead);
}

LeadPage list_leads(database::Connection& connection, const LeadFilter& filter) {
  const auto condition = matches(filter);
  return {.leads = store::select<LeadRow>()
                       .where(condition)
                       .order_by<&LeadRow::id>(Order::Descending)
                       .limit(filter.page.size)
                       .offset(filter.page.offset())
                       .all(connection),
          .total = store::count(connection, condition)};
}

LeadRow change_lead(store::UnitOfWork& unit, std::int64_t id, const LeadChange& change,
                    Timestamp now) {
  const LeadRow before = locked_lead_of(unit, id);
  if (change.email && *change.email != before.email) require_free_email(unit, *change.email);
  if (change.external_id && change.external_id != before.external_id) {
    require_free_external_id(unit, change.external_id);
  }
  auto assignments = change.assignments;
  assignments.push_back(set<&LeadRow::updated_at>(now));
  store::update(unit.connection, equals<&LeadRow::id>(id), assignments);
  LeadRow after = locked_lead_of(unit, id);
  unit.events.push_back(lead_updated(after));
  return after;
}

JsonObject add_lead_note(store::UnitOfWork& unit, std::int64_t id, const std::string& content,
                         const std::string& author, Timestamp now) {
  LeadRow lead = locked_lead_of(unit, id);
  json::array notes = list_in(lead.notes);
  JsonObject note = make_note(notes, {.content = content, .author = author, .data = {}}, now);
  notes.emplace_back(note);
  lead.notes = std::move(notes);
  lead.updated_at = now;
  store::update(unit.connection, equals<&LeadRow::id>(id), set<&LeadRow::notes>(lead.notes),
                set<&LeadRow::updated_at>(lead.updated_at));
  unit.events.push_back(lead_updated(lead));
  return note;
}

double LeadFigures::conversion_rate() const { return percentage(won, total); }

LeadFigures lead_figures(database::Connection& connection) {
  LeadFigures figures;
  for (const auto& [status, leads] : store::count_by<&LeadRow::status>(connection)) {
    figures.total += leads;
    if (is_among(kActive, status)) figures.active += leads;
    if (is_among(kWon, status)) figures.won += leads;
  }
  return figures;
}

LeadCounts leads_by_source(database::Connection& connection) {
  LeadCounts counts = store::count_by<&LeadRow::source>(connection);
  sort_by_count(counts);
  return counts;
}

LeadCounts leads_by_status(database::Connection& connection) {
  LeadCounts counts = store::count_by<&LeadRow::status>(connection);
  sort_by_count(counts);
  return counts;
}

void sort_by_count(LeadCounts& counts) {
  std::ranges::sort(counts, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
}

}  // namespace parley::leads
