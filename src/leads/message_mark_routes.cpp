#include "api/fields.h"
#include "base/text.h"
#include "leads/management_operations.h"
#include "leads/management_routes.h"
#include "leads/message_marks.h"
#include "leads/record_requests.h"
#include "leads/session_requests.h"
#include "leads/wire.h"

namespace parley::leads {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kMessages = "/api/messages";
constexpr std::size_t kReasonCharactersMax = 255;
constexpr std::size_t kErrorCharactersMax = 16'000;

/// A body that may be left out.
api::BodyReader body_of(const Request& request) {
  return {trim(request.body).empty() ? JsonObject() : api::object_of(request.body), ""};
}

Flag read_flag(const Request& request) {
  api::BodyReader body = body_of(request);
  Flag flag{.is_flagged = body.optional_boolean("is_flagged").value_or(true),
            .reason = body.optional_text("reason", kReasonCharactersMax),
            .quality_score = {}};
  if (const Json* score = body.find("quality_score")) {
    flag.quality_score = share_text(*score);
    if (!flag.quality_score) {
      body.errors().add("quality_score", "out_of_range", "must be a number from 0 to 1");
    }
  }
  body.finish();
  return flag;
}

std::string read_error(const Request& request) {
  api::BodyReader body = body_of(request);
  std::string error = body.optional_text("error_message", kErrorCharactersMax)
                          .value_or("The platform did not take the message");
  body.finish();
  return error;
}

Prepare mark_read_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, id = number_in_path(request)](store::UnitOfWork& unit) {
      return Response::json(200, item_json(mark_read(unit, id, store.now())));
    });
  };
}

Prepare mark_failed_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, id = number_in_path(request),
                    error = read_error(request)](store::UnitOfWork& unit) {
      return Response::json(200, item_json(mark_failed(unit, id, error, store.now())));
    });
  };
}

Prepare flag_with(const Context& context) {
  return [&store = context.host.store](const Request& request) {
    return writing([&store, id = number_in_path(request),
                    flag = read_flag(request)](store::UnitOfWork& unit) {
      const MessageRow message = flag_message(unit, id, flag, store.now());
      return Response::json(200, JsonObject{{"success", true},
                                            {"message_id", message.id},
                                            {"is_flagged", value_json(message.is_flagged)},
                                            {"flagged_reason", value_json(message.flagged_reason)},
                                            {"quality_score", value_json(message.quality_score)}});
    });
  };
}

}  // namespace

std::vector<http::Route> message_mark_routes(const Context& context) {
  const std::string message = std::string(kMessages) + "/{id}";
  return {
      {"POST", message + "/read", keyed(context, mark_read_with(context)), operation::mark_read()},
      {"POST", message + "/failed", keyed(context, mark_failed_with(context)),
       operation::mark_failed()},
      {"POST", message + "/flag", keyed(context, flag_with(context)), operation::flag_message()},
  };
}

}  // namespace parley::leads
