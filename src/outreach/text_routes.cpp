#include <fmt/format.h>

#include "outreach/routes.h"
#include "outreach/sending_operations.h"
#include "outreach/sending_requests.h"
#include "outreach/sending_routes.h"
#include "outreach/sending_wire.h"
#include "outreach/split.h"

namespace parley::outreach {
namespace {

using http::Request;
using http::Response;

/// A task that needs nothing of the database but to know that the caller may ask.
Task answering(JsonObject body) {
  return api::reading<Caller>([body = std::move(body)](database::Connection&, const Caller&) {
    return Response::json(200, body);
  });
}

Task preview(const Request& request) {
  const RenderRequest wanted = read_render(request);
  return answering(rendered_json(render(wanted.message, wanted.recipient)));
}

Task split_text(const Request& request) { return answering(split_json(read_split(request))); }

Task name_variables(const Request& request) {
  const ColumnsRequest wanted = read_columns(request);
  const std::vector<std::string> names = variable_names(wanted.columns);
  json::array variables;
  for (std::size_t i = 0; i < names.size(); ++i) {
    variables.push_back(JsonObject{{"name", wanted.columns[i]},
                                   {"variable_name", names[i]},
                                   {"data_type", data_type_of(wanted.values[i])}});
  }
  return answering({{"variables", std::move(variables)}});
}

}  // namespace

std::vector<http::Route> text_routes(const SendingContext& sending) {
  const auto path = [](std::string_view rest) { return fmt::format("{}{}", kPrefix, rest); };
  const Context& context = sending.context;
  return {
      {"POST", path("/render"), endpoint(context, Scope::Read, preview),
       operation::render_template()},
      {"POST", path("/split"), endpoint(context, Scope::Read, split_text), operation::split_text()},
      {"POST", path("/variables"), endpoint(context, Scope::Read, name_variables),
       operation::name_variables()},
  };
}

}  // namespace parley::outreach
