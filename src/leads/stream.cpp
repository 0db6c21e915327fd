#include "leads/stream.h"

namespace parley::leads {
namespace {

class Listener final : public api::Participant {
 public:
  bool may_see(const JsonObject&) const override { return true; }
  /// A key is valid until the server is told otherwise, which ends the connection.
  Timestamp valid_until() const override { return Timestamp::max(); }
  void on_message(const JsonObject&, const api::Reply&) const override {
    throw http::invalid_field("/type", "not_in_vocabulary", "must be one of: subscribe, ping");
  }
};

}  // namespace

std::shared_ptr<const api::Participant> listener() { return std::make_shared<Listener>(); }

api::StreamSource stream_source(const Context& context, api::EventFeed& feed) {
  return {.feed = feed,
          .store = context.host.store,
          .identify = [&gate = context.gate](const http::Request& request) {
            gate.admit_listener(request);
            return [](store::Connection&) { return listener(); };
          }};
}

}  // namespace parley::leads
