#include "outreach/stream.h"

#include "outreach/events.h"

namespace parley::outreach {
namespace {

constexpr std::string_view kModule = "outreach";

/// How long a client may listen before its key is looked at again.
constexpr std::chrono::hours kLookAgainAfter{1};

class Listener final : public api::Participant {
 public:
  Listener(Caller caller, Timestamp valid_until)
      : caller_(std::move(caller)), valid_until_(valid_until) {}

  bool may_see(const JsonObject& audience) const override {
    return outreach::may_see(audience, caller_.user_id);
  }
  Timestamp valid_until() const override { return valid_until_; }
  void on_message(const JsonObject&, const api::Reply&) const override {
    throw http::invalid_field("/type", "not_in_vocabulary", "must be one of: subscribe, ping");
  }

 private:
  const Caller caller_;
  const Timestamp valid_until_;
};

/// Without a key, an open request could be anybody's for any module.
void require_named(const http::Request& request) {
  const auto wanted = request.query.find("module");
  const bool has_key =
      !request.header("Authorization").empty() || !request.header("X-API-Key").empty();
  if (has_key || (wanted != request.query.end() && wanted->second == kModule)) return;
  throw http::unauthenticated("A token or key is needed, or module=outreach");
}

}  // namespace

api::StreamSource stream_source(const Context& context, api::EventFeed& feed) {
  return {.module = std::string(kModule),
          .feed = feed,
          .store = context.store,
          .identify = [context](const http::Request& request) {
            require_named(request);
            const auto admission = identify(context, request, Scope::Read, Counted::AsRequest);
            return
                [context, admission](
                    database::Connection& connection) -> std::shared_ptr<const api::Participant> {
                  return std::make_shared<Listener>(admission.admit(connection),
                                                    context.clock.now() + kLookAgainAfter);
                };
          }};
}

}  // namespace parley::outreach
