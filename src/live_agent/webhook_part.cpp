#include "live_agent/webhook_part.h"

#include "live_agent/accounts.h"
#include "live_agent/events.h"

namespace parley::live_agent {
namespace {

class Owner final : public api::Viewer {
 public:
  explicit Owner(Caller caller) : caller_(std::move(caller)) {}
  bool may_see(const JsonObject& audience) const override {
    return live_agent::may_see(audience, caller_);
  }
  Timestamp valid_until() const override { return Timestamp::max(); }

 private:
  const Caller caller_;
};

std::shared_ptr<const api::Viewer> eyes_of(database::Connection& connection,
                                           const std::string& owner,
                                           const std::optional<std::string>& tenant) {
  const std::optional<UserRow> user = find_user_by_email(connection, owner);
  if (!user || !user->is_active || role_of(*user) != Role::Admin) return nullptr;
  Caller caller = caller_of(*user, tenant.value_or(""));
  caller.only_tenant = tenant;
  return std::make_shared<Owner>(std::move(caller));
}

}  // namespace

api::WebhookPart webhook_part(const Context& context) {
  return {.identify =
              [context](const http::Request& request) {
                const Identity identity = identity_for(context, request, Level::Admin);
                return api::Admission<api::webhooks::Subscriber>{
                    .owner = owner_of(identity), .admit = [identity](auto& connection) {
                      const Caller caller = admit(connection, identity, Level::Admin);
                      return api::webhooks::Subscriber{caller.account, caller.only_tenant};
                    }};
              },
          .eyes_of = eyes_of};
}

}  // namespace parley::live_agent
