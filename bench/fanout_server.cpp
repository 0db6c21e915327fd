// How fast and with how little memory the HTTP layer alone tells many clients the same: serves
// WebSockets at /socket, and once enough of them are open it sends bursts of events to all, each as
// soon as the network has taken the one before. Prints the port it serves on; ends with SIGTERM.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "http/channel.h"
#include "http/router.h"
#include "http/server.h"

namespace {

using namespace parley::http;

struct Options {
  int threads = 2;
  std::size_t connections = 1000;
  std::size_t burst = 1;
  std::size_t bursts = 0;
  std::size_t text_bytes = 200;
};

/// The channels that are open, and how many of them have been sent all of a burst.
class Audience {
 public:
  void enter(std::shared_ptr<Channel> channel) {
    const std::lock_guard lock(mutex_);
    channels_.insert(std::move(channel));
    changed_.notify_all();
  }

  void leave(const std::shared_ptr<Channel>& channel) {
    const std::lock_guard lock(mutex_);
    channels_.erase(channel);
    changed_.notify_all();
  }

  void count_drained() {
    const std::lock_guard lock(mutex_);
    if (++drained_ >= channels_.size()) changed_.notify_all();
  }

  /// Waits until this many are there.
  std::vector<std::shared_ptr<Channel>> gather(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return channels_.size() >= count; });
    return {channels_.begin(), channels_.end()};
  }

  /// Waits until the burst before has gone out to all who are still there.
  void wait_until_drained() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return drained_ >= channels_.size(); });
    drained_ = 0;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::shared_ptr<Channel>> channels_;
  std::size_t drained_ = 0;
};

class Listener : public ChannelListener {
 public:
  Listener(Audience& audience, std::shared_ptr<Channel> channel)
      : audience_(audience), channel_(std::move(channel)) {
    audience_.enter(channel_);
  }

  void on_text(std::string_view) override {}
  void on_drained() override { audience_.count_drained(); }
  void on_closed() override { audience_.leave(channel_); }

 private:
  Audience& audience_;
  std::shared_ptr<Channel> channel_;
};

void send_bursts(const Options& options, Audience& audience) {
  const std::string text(options.text_bytes, 'x');
  for (std::size_t sent = 0; options.bursts == 0 || sent < options.bursts; ++sent) {
    const auto channels = audience.gather(options.connections);
    std::vector<Delivery> deliveries;
    deliveries.reserve(options.burst * channels.size());
    for (std::size_t event = 0; event < options.burst; ++event) {
      const SharedMessage message = PushMessage::make(text);
      for (const auto& channel : channels) deliveries.push_back({channel, message});
    }
    deliver(deliveries);
    audience.wait_until_drained();
  }
}

void serve(const Options& options) {
  Audience audience;
  Router router;
  const auto open = [&](std::shared_ptr<Channel> channel) {
    return std::make_shared<Listener>(audience, std::move(channel));
  };
  router.add_group("", {{"GET", "/socket", [&](auto, auto responder) {
                           responder(Response::channel({ChannelKind::WebSocket, open}));
                         }}});
  ServerOptions server_options;
  server_options.port = 0;
  server_options.threads = options.threads;
  server_options.connections_max = 100'000;
  Server server(server_options, router);
  server.start();
  fmt::print("127.0.0.1:{}\n", server.port());
  std::fflush(stdout);
  send_bursts(options, audience);
  audience.gather(static_cast<std::size_t>(-1));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Sends events to WebSockets as fast as the network takes them.");
  Options options;
  app.add_option("--threads", options.threads, "I/O threads")->capture_default_str();
  app.add_option("--connections", options.connections, "WebSockets to wait for")
      ->capture_default_str();
  app.add_option("--burst", options.burst, "Events sent together")->capture_default_str();
  app.add_option("--bursts", options.bursts, "How many; 0 is no end")->capture_default_str();
  app.add_option("--text-bytes", options.text_bytes, "Length of an event")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    serve(options);
    return 0;
  } catch (const parley::Error& error) {
    fmt::print(stderr, "fanout_server: {}\n", error.what());
    return 1;
  }
}
