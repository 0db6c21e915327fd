#pragma once

// An outreach server for tests of sending: its channels are given, and its workers work when the
// test says so, unless they were asked to work by themselves.

#include "http/outreach_server.h"

namespace parley::test {

class SendingServer : public OutreachServer {
 public:
  using OutreachServer::OutreachServer;
  SendingServer(TestEngine engine, std::vector<outreach::ChannelSettings> channels)
      : OutreachServer(engine, with_channels(std::move(channels))) {}
  /// Another node on the database of `first`.
  explicit SendingServer(const SendingServer& first) : OutreachServer(first) {}

  static outreach::Settings with_channels(std::vector<outreach::ChannelSettings> channels);

  /// Lets one worker of the channel work until nothing is due; returns its rounds.
  int work(const std::string& channel);

  /// Queues a message to `bob@x.example` in a new session of the channel's kind and returns its id.
  std::string queue_one(std::string_view channel = "email", JsonObject recipient = {});
  /// Queues messages for these recipients in the session; their ids.
  std::vector<std::string> queue(const std::string& session_id, const json::array& recipients);

  /// What is said of a message in its history.
  std::vector<std::string> history(const std::string& log_id) const;
  std::vector<outreach::SendQueueRow> queue_rows();

 private:
  outreach::Sender& sender() { return static_cast<outreach::Module&>(module()).sender(); }
};

/// A channel whose workers wait for the test.
outreach::ChannelSettings idle_channel(std::string name, outreach::Channel carries,
                                       outreach::ChannelKind kind);

}  // namespace parley::test
