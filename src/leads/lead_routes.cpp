#include "leads/management_operations.h"
#include "leads/management_routes.h"
#include "leads/management_wire.h"
#include "leads/record_requests.h"
#include "leads/session_requests.h"
#include "leads/stored_json.h"
#include "leads/wire.h"

namespace parley::leads {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kLeadsPrefix = "/api/leads";

Prepare create_with(const Context& context) {
  return [&store = context.host.store, &jobs = context.jobs](const Request& request) {
    return writing([&store, &jobs, lead = read_new_lead(request)](store::UnitOfWork& unit) {
      return Response::json(200, lead_json(add_lead(unit, lead, jobs.responding(), store.now())));
    });
  };
}

Task list(const Request& request) {
  return reading([filter = read_lead_filter(request)](database::Connection& connection) {
    const LeadPage found = list_leads(connection, filter);
    return Response::json(200, page_json("leads", list_json(found.leads, lead_json), found.total,
                                         filter.page, "per_page"));
  });
}

Task show(const Request& request) {
  return reading([id = number_in_path(request)](database::Connection& connection) {
    return Response::json(200, lead_json(lead_of(connection, id)));
  });
}

Prepare change_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, id = number_in_path(request),
                    change = read_lead_change(request)](store::UnitOfWork& unit) {
      return Response::json(200, lead_json(change_lead(unit, id, change, store.now())));
    });
  };
}

Task remove(const Request& request) {
  return writing([id = number_in_path(request)](store::UnitOfWork& unit) {
    return Response::json(200, removal_json(remove_lead(unit, id)));
  });
}

Prepare add_note_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, id = number_in_path(request),
                    note = read_note(request)](store::UnitOfWork& unit) {
      JsonObject added = add_lead_note(unit, id, note.content, note.author, store.now());
      return Response::json(200, JsonObject{{"message", "Note added"}, {"note", std::move(added)}});
    });
  };
}

Task show_interactions(const Request& request) {
  return reading([id = number_in_path(request)](database::Connection& connection) {
    const LeadRow lead = lead_of(connection, id);
    return Response::json(200, JsonObject{{"interactions", list_in(lead.interaction_history)}});
  });
}

Task show_figures(const Request&) {
  return reading([](database::Connection& connection) {
    return Response::json(200, lead_figures_json(lead_figures(connection)));
  });
}

Task count_by_source(const Request&) {
  return reading([](database::Connection& connection) {
    return Response::json(200, counts_json("source", leads_by_source(connection)));
  });
}

Task count_by_status(const Request&) {
  return reading([](database::Connection& connection) {
    return Response::json(200, counts_json("status", leads_by_status(connection)));
  });
}

}  // namespace

std::vector<http::Route> lead_routes(const Context& context) {
  const std::string base(kLeadsPrefix);
  return {
      {"POST", base, keyed(context, create_with(context)), operation::create_lead()},
      {"GET", base, keyed(context, list), operation::list_leads()},
      {"GET", base + "/{id}", keyed(context, show), operation::show_lead()},
      {"PUT", base + "/{id}", keyed(context, change_with(context)), operation::change_lead()},
      {"DELETE", base + "/{id}", keyed(context, remove), operation::delete_lead()},
      {"POST", base + "/{id}/notes", keyed(context, add_note_with(context)),
       operation::add_lead_note()},
      {"GET", base + "/{id}/interactions", keyed(context, show_interactions),
       operation::list_interactions()},
      {"GET", base + "/stats/overview", keyed(context, show_figures),
       operation::show_lead_figures()},
      {"GET", base + "/stats/by-source", keyed(context, count_by_source),
       operation::count_leads_by_source()},
      {"GET", base + "/stats/by-status", keyed(context, count_by_status),
       operation::count_leads_by_status()},
  };
}

}  // namespace parley::leads
