#include "chat/stream.h"

#include "chat/events.h"
#include "chat/sign_in.h"

namespace parley::chat {
namespace {

class Listener final : public api::Participant {
 public:
  Listener(Sight sight, Timestamp valid_until)
      : sight_(std::move(sight)), valid_until_(valid_until) {}

  bool may_see(const JsonObject& audience) const override {
    return chat::may_see(audience, sight_);
  }
  bool is_outdated_by(const store::Event& event) const override {
    return changes_sight_of(event, sight_.user_id);
  }
  Timestamp valid_until() const override { return valid_until_; }

  void on_message(const JsonObject&, const api::Reply&) const override {
    throw http::invalid_field("/type", "invalid_message",
                              "A chat client says subscribe and ping; messages are sent by POST");
  }

 private:
  const Sight sight_;
  const Timestamp valid_until_;
};

Sight sight_of(database::Connection& connection, const UserRow& user) {
  Sight sight{.user_id = user.id, .by_account = {}};
  for (OwnMembership& own : memberships_of(connection, user.id)) {
    std::string account = own.membership.account_id;
    sight.by_account.emplace(std::move(account), std::move(own.membership));
  }
  return sight;
}

}  // namespace

api::StreamSource stream_source(const Context& context, api::EventFeed& feed) {
  return {
      .feed = feed,
      .store = context.host.store,
      .identify = [context](const http::Request& request) {
        const Identity identity = authenticate(request, context.settings, context.now());
        return [identity](
                   database::Connection& connection) -> std::shared_ptr<const api::Participant> {
          const UserRow user = signed_in(connection, identity);
          return std::make_shared<Listener>(sight_of(connection, user), identity.valid_until);
        };
      }};
}

}  // namespace parley::chat
