#include "http/sending_server.h"

namespace parley::test {

outreach::Settings SendingServer::with_channels(std::vector<outreach::ChannelSettings> channels) {
  outreach::Settings settings = default_settings();
  settings.sending.channels = std::move(channels);
  settings.sending.look_every = std::chrono::milliseconds(20);
  return settings;
}

int SendingServer::work(const std::string& channel) {
  int rounds = 0;
  while (sender().work(channel)) ++rounds;
  return rounds;
}

std::string SendingServer::queue_one(std::string_view channel, JsonObject recipient) {
  if (recipient.empty()) {
    recipient = {{"name", "Bob"}, {"email", "bob@x.example"}, {"phone", "+4930123456"}};
  }
  return queue(start_session(channel), {std::move(recipient)}).at(0);
}

std::vector<std::string> SendingServer::queue(const std::string& session_id,
                                              const json::array& recipients) {
  const JsonObject answer = ok(202, "POST", outreach_path("/sessions/" + session_id + "/send"),
                               json_of({{"template",
                                         {{"id", "t1"},
                                          {"name", "Welcome"},
                                          {"subject", "Hi {name}"},
                                          {"content", "Dear {name}, welcome."}}},
                                        {"recipients", recipients}}));
  std::vector<std::string> ids;
  for (const Json& id : answer.at("log_ids").as_array()) ids.emplace_back(id.as_string());
  return ids;
}

std::vector<std::string> SendingServer::history(const std::string& log_id) const {
  const JsonObject answer = ok(200, "GET", outreach_path("/messages/" + log_id + "/events"));
  std::vector<std::string> words;
  for (const Json& event : answer.at("data").as_array())
    words.emplace_back(event.at("status").as_string());
  return words;
}

std::vector<outreach::SendQueueRow> SendingServer::queue_rows() {
  return store::select<outreach::SendQueueRow>().order_by<&outreach::SendQueueRow::log_id>().all(
      connection());
}

outreach::ChannelSettings idle_channel(std::string name, outreach::Channel carries,
                                       outreach::ChannelKind kind) {
  return {.name = std::move(name),
          .carries = carries,
          .workers = 0,
          .max_retries = 2,
          .timeout = std::chrono::seconds(10),
          .kind = std::move(kind)};
}

}  // namespace parley::test
