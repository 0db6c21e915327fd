#include "support/http_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "base/text.h"

namespace parley::test {
namespace {

constexpr int kPatienceSeconds = 10;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

template <class T>
void set_option(int socket, int level, int name, const T& value) {
  if (setsockopt(socket, level, name, &value, sizeof value) != 0) fail("setsockopt");
}

void connect_to_loopback(int socket, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail("Cannot connect to port " + std::to_string(port));
  }
}

}  // namespace

std::string HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return {};
}

Json HttpAnswer::json() const { return parse_json(body); }

HttpClient::HttpClient(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) fail("socket");
  try {
    const timeval patience{kPatienceSeconds, 0};
    set_option(socket_, SOL_SOCKET, SO_RCVTIMEO, patience);
    set_option(socket_, SOL_SOCKET, SO_SNDTIMEO, patience);
    set_option(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
    connect_to_loopback(socket_, port);
  } catch (...) {
    close();
    throw;
  }
}

HttpClient::~HttpClient() { close(); }

HttpClient::HttpClient(HttpClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), unread_(std::move(other.unread_)) {}

void HttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("Cannot send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

HttpAnswer HttpClient::read(std::string_view method) {
  HttpAnswer answer;
  const std::string status_line = take_line();
  if (!status_line.starts_with("HTTP/1.1 ")) {
    throw std::runtime_error("Not a status line: " + status_line);
  }
  answer.status = std::stoi(status_line.substr(9, 3));
  for (std::string line = take_line(); !line.empty(); line = take_line()) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) throw std::runtime_error("Not a header: " + line);
    answer.headers.emplace_back(line.substr(0, colon), std::string(trim(line.substr(colon + 1))));
  }
  if (method != "HEAD" && answer.header("Transfer-Encoding") == "chunked") {
    answer.body = take_chunks();
  }
  const std::string length = answer.header("Content-Length");
  if (method != "HEAD" && !length.empty()) answer.body = take(std::stoul(length));
  return answer;
}

HttpAnswer HttpClient::call(std::string_view method, std::string_view path,
                            const HttpHeaders& headers, std::string_view body) {
  std::string request = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n", method, path);
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  request += fmt::format("Content-Length: {}\r\n\r\n", body.size());
  request += body;
  send(request);
  return read(method);
}

bool HttpClient::is_closed_by_server() {
  if (!unread_.empty()) return false;
  char byte = 0;
  const ssize_t count = recv(socket_, &byte, 1, 0);
  return count == 0 || (count < 0 && errno == ECONNRESET);
}

bool HttpClient::has_news_within(std::chrono::milliseconds patience) {
  pollfd wanted{socket_, POLLIN, 0};
  return !unread_.empty() || poll(&wanted, 1, static_cast<int>(patience.count())) > 0;
}

void HttpClient::finish_sending() { shutdown(socket_, SHUT_WR); }

void HttpClient::close() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

bool HttpClient::receive() {
  char bytes[16 << 10];
  const ssize_t count = recv(socket_, bytes, sizeof bytes, 0);
  if (count < 0) fail("Cannot receive");
  unread_.append(bytes, static_cast<std::size_t>(count));
  return count > 0;
}

std::string HttpClient::take_line(std::string_view end) {
  auto position = unread_.find(end);
  while (position == std::string::npos) {
    if (!receive()) throw std::runtime_error("The connection ended inside a line.");
    position = unread_.find(end);
  }
  std::string line = unread_.substr(0, position);
  unread_.erase(0, position + end.size());
  return line;
}

std::string HttpClient::take(std::size_t bytes) {
  while (unread_.size() < bytes) {
    if (!receive()) throw std::runtime_error("The connection ended inside an answer's body.");
  }
  std::string taken = unread_.substr(0, bytes);
  unread_.erase(0, bytes);
  return taken;
}

std::string HttpClient::take_chunks() {
  std::string body;
  while (true) {
    const std::size_t size = std::stoul(take_line(), nullptr, 16);
    if (size > 0) body += take(size);
    if (!take_line().empty()) throw std::runtime_error("A chunk does not end where it should.");
    if (size == 0) return body;
  }
}

HttpAnswer http_call(std::uint16_t port, std::string_view method, std::string_view path,
                     const HttpHeaders& headers, std::string_view body) {
  return HttpClient(port).call(method, path, headers, body);
}

}  // namespace parley::test
