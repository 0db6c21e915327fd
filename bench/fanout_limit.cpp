// The limit of fan-out on this machine: a plain loop that writes one frame, or several at once, to
// every socket, with one thread, no HTTP, and no thought for anything else. Prints the port it
// serves on; ends with SIGTERM.

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

namespace {

struct Options {
  std::size_t connections = 1000;
  std::size_t burst = 1;
  std::size_t text_bytes = 200;
};

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// A text frame of 126 to 65535 bytes, so often.
std::string frames(const Options& options) {
  std::string frame{'\x81', '\x7e', static_cast<char>(options.text_bytes >> 8),
                    static_cast<char>(options.text_bytes & 0xff)};
  frame.append(options.text_bytes, 'x');
  std::string all;
  for (std::size_t i = 0; i < options.burst; ++i) all += frame;
  return all;
}

int listen_on_loopback() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0) throw_errno("bind");
  if (listen(listener, SOMAXCONN) != 0) throw_errno("listen");
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  fmt::print("127.0.0.1:{}\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return listener;
}

/// Answers a handshake without looking at it.
int accept_one(int listener) {
  constexpr std::string_view kAnswer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  const int client = accept(listener, nullptr, nullptr);
  if (client < 0) throw_errno("accept");
  char request[4096];
  if (recv(client, request, sizeof request, 0) <= 0) throw_errno("recv");
  if (send(client, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL) < 0) throw_errno("send");
  const int on = 1;
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(client, F_SETFL, O_NONBLOCK);
  return client;
}

/// Writes all of it, waiting where the socket is full. False when the client has gone.
bool write_all(int client, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      pollfd writable{client, POLLOUT, 0};
      poll(&writable, 1, -1);
    } else {
      return false;
    }
  }
  return true;
}

void serve(const Options& options) {
  const std::string bytes = frames(options);
  const int listener = listen_on_loopback();
  std::vector<int> clients;
  while (clients.size() < options.connections) clients.push_back(accept_one(listener));
  while (true) {
    for (const int client : clients) {
      if (!write_all(client, bytes)) return;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Writes the same frames to every socket.");
  Options options;
  app.add_option("--connections", options.connections, "Sockets to wait for")
      ->capture_default_str();
  app.add_option("--burst", options.burst, "Frames in one write")->capture_default_str();
  app.add_option("--text-bytes", options.text_bytes, "Length of an event")
      ->check(CLI::Range(126, 65535))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    serve(options);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "fanout_limit: {}\n", error.what());
    return 1;
  }
}
