// The clients of a fan-out: opens many WebSockets and counts the events that arrive, or opens them
// and does nothing, for weighing the server. One thread on epoll, so that it takes as little as it
// can of a machine that it shares with the server.

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Options {
  std::string server;
  int connections = 1000;
  double seconds = 3;
  double warm_up_seconds = 1;
  std::size_t text_bytes = 200;
  bool is_idle = false;
};

constexpr std::size_t kFrameHead = 4;  ///< For 126 to 65535 bytes.

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// As many files as the system lets a process have.
void allow_many_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

sockaddr_in address_of(const std::string& server) {
  const auto colon = server.find(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(server.substr(colon + 1))));
  if (inet_pton(AF_INET, server.substr(0, colon).c_str(), &address.sin_addr) != 1)
    throw std::invalid_argument("--server needs an IPv4 address and a port: " + server);
  return address;
}

class Client {
 public:
  explicit Client(const sockaddr_in& address) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    if (socket_ < 0) throw_errno("cannot make a socket");
    // Or what is under way to a thousand clients would fill the memory of the system.
    const int bytes = 64 << 10;
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw_errno("cannot connect");
  }
  ~Client() { close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Leaves what comes behind the answer unread.
  void shake_hands() {
    constexpr std::string_view kRequest =
        "GET /socket HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    if (send(socket_, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) < 0) throw_errno("send");
    std::string head;
    char byte = 0;
    while (!head.ends_with("\r\n\r\n")) {
      if (recv(socket_, &byte, 1, 0) != 1) throw std::runtime_error("no handshake: " + head);
      head += byte;
    }
    if (!head.starts_with("HTTP/1.1 101 ")) throw std::runtime_error("refused: " + head);
    fcntl(socket_, F_SETFL, O_NONBLOCK);
  }

  void watch(int epoll) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = this;
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, socket_, &event) != 0) throw_errno("cannot watch a socket");
  }

  /// The number of events that are complete with what has arrived.
  std::size_t receive(std::size_t text_bytes) {
    static char buffer[256 << 10];
    const ssize_t received = recv(socket_, buffer, sizeof buffer, 0);
    if (received == 0) throw std::runtime_error("the server closed a WebSocket");
    if (received < 0) throw_errno("cannot receive");
    if (!has_checked_ && buffer[0] != '\x81') throw std::runtime_error("not a text frame");
    has_checked_ = true;
    bytes_ += static_cast<std::size_t>(received);
    const std::size_t frames = bytes_ / (kFrameHead + text_bytes);
    bytes_ %= kFrameHead + text_bytes;
    return frames;
  }

 private:
  int socket_;
  std::size_t bytes_ = 0;  ///< Of an event that is not complete.
  bool has_checked_ = false;
};

/// Events that arrive until then.
std::size_t count(int epoll, const Options& options, SteadyClock::time_point end) {
  std::vector<epoll_event> events(512);
  std::size_t frames = 0;
  while (SteadyClock::now() < end) {
    const int ready = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), 1000);
    for (int i = 0; i < ready; ++i) {
      auto* client = static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr);
      frames += client->receive(options.text_bytes);
    }
  }
  return frames;
}

SteadyClock::time_point after(double seconds) {
  return SteadyClock::now() + std::chrono::duration_cast<SteadyClock::duration>(Seconds(seconds));
}

void run(const Options& options) {
  allow_many_files();
  const sockaddr_in address = address_of(options.server);
  const int epoll = epoll_create1(0);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < options.connections; ++i) {
    clients.push_back(std::make_unique<Client>(address));
    clients.back()->shake_hands();
    clients.back()->watch(epoll);
  }
  if (options.is_idle) {
    count(epoll, options, after(options.warm_up_seconds));
    fmt::print("{} connected\n", options.connections);
    std::fflush(stdout);
    std::getchar();
    return;
  }
  count(epoll, options, after(options.warm_up_seconds));
  const auto begin = SteadyClock::now();
  const std::size_t frames = count(epoll, options, after(options.seconds));
  const double seconds = Seconds(SteadyClock::now() - begin).count();
  fmt::print("{:.0f} deliveries/s\n", static_cast<double>(frames) / seconds);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Opens WebSockets and counts the events that arrive.");
  Options options;
  app.add_option("--server", options.server, "ADDRESS:PORT")->required();
  app.add_option("--connections", options.connections, "WebSockets")->capture_default_str();
  app.add_option("--seconds", options.seconds, "Measured time")->capture_default_str();
  app.add_option("--warm-up", options.warm_up_seconds, "Seconds before it")->capture_default_str();
  app.add_option("--text-bytes", options.text_bytes, "Length of an event, 126 to 65535")
      ->check(CLI::Range(126, 65535))
      ->capture_default_str();
  app.add_flag("--idle", options.is_idle, "Connect, say so, and wait for a line");
  CLI11_PARSE(app, argc, argv);
  try {
    run(options);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "fanout_load: {}\n", error.what());
    return 1;
  }
}
