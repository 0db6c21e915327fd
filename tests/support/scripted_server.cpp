#include "support/scripted_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <stdexcept>

#include "base/text.h"

namespace parley::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 10s;

/// Reads on until `text` has `count` bytes or, without a count, an end of the head; false when the
/// other side ends before.
bool receive(int socket, std::string& text) {
  char space[4096];
  const ssize_t bytes = ::recv(socket, space, sizeof space, 0);
  if (bytes <= 0) return false;
  text.append(space, static_cast<std::size_t>(bytes));
  return true;
}

void read_head(std::string_view head, ScriptedRequest& request) {
  const auto lines = split(head, '\n');
  const auto words = split(trim(lines.at(0)), ' ');
  request.method = words.at(0);
  request.target = words.at(1);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(':');
    if (colon == std::string::npos) continue;
    request.headers.emplace_back(lines[i].substr(0, colon), trim(lines[i].substr(colon + 1)));
  }
}

std::optional<ScriptedRequest> read_request(int socket) {
  std::string text;
  std::size_t end = std::string::npos;
  while ((end = text.find("\r\n\r\n")) == std::string::npos) {
    if (!receive(socket, text)) return std::nullopt;
  }
  ScriptedRequest request;
  read_head(std::string_view(text).substr(0, end), request);
  const std::string length = request.header("Content-Length");
  const std::size_t bytes = length.empty() ? 0 : std::stoul(length);
  request.body = text.substr(end + 4);
  while (request.body.size() < bytes) {
    if (!receive(socket, request.body)) return std::nullopt;
  }
  return request;
}

/// True when the other side has closed, or closes before `patience` is over.
bool has_left(int socket, std::chrono::milliseconds patience) {
  pollfd wanted{.fd = socket, .events = POLLIN, .revents = 0};
  if (::poll(&wanted, 1, static_cast<int>(patience.count())) <= 0) return false;
  char byte = 0;
  return ::recv(socket, &byte, 1, MSG_PEEK) <= 0;
}

}  // namespace

std::string ScriptedRequest::header(std::string_view name) const {
  for (const auto& [field, value] : headers) {
    if (equals_ignoring_case(field, name)) return value;
  }
  return {};
}

JsonObject ScriptedRequest::json() const { return parse_json(body).as_object(); }

ScriptedReply http_reply(int status, std::string_view content_type, std::string_view body,
                         std::string_view headers) {
  return {.pieces = {fmt::format(
              "HTTP/1.1 {} Scripted\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n{}", status,
              content_type, body.size(), headers, body)}};
}

ScriptedServer::ScriptedServer(Handler handler) : handler_(std::move(handler)) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t bytes = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket_, general, bytes) != 0 || ::listen(socket_, 64) != 0 ||
      ::getsockname(socket_, general, &bytes) != 0) {
    throw std::runtime_error("no socket to listen on");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    for (const Caller& caller : callers_) ::shutdown(caller.socket, SHUT_RDWR);
  }
  changed_.notify_all();
  ::shutdown(socket_, SHUT_RDWR);
  acceptor_.join();
  for (Caller& caller : callers_) {
    caller.thread.join();
    ::close(caller.socket);
  }
  ::close(socket_);
}

std::string ScriptedServer::origin() const { return fmt::format("http://127.0.0.1:{}", port_); }

std::vector<ScriptedRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t ScriptedServer::wait_for_requests(std::size_t count) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kPatience, [&] { return requests_.size() >= count; });
  return requests_.size();
}

std::size_t ScriptedServer::wait_for_leavers(std::size_t count) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kPatience, [&] { return leavers_ >= count; });
  return leavers_;
}

void ScriptedServer::release() {
  const std::lock_guard lock(mutex_);
  ++released_;
  changed_.notify_all();
}

void ScriptedServer::accept() {
  while (true) {
    const int caller = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (caller < 0) return;
    const std::lock_guard lock(mutex_);
    if (is_stopping_) ::shutdown(caller, SHUT_RDWR);
    callers_.push_back(
        {.socket = caller, .thread = std::thread([this, caller] { serve(caller); })});
  }
}

void ScriptedServer::serve(int socket) {
  const auto request = read_request(socket);
  if (!request) return;
  ScriptedReply reply;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(*request);
    reply = handler_(*request);
    changed_.notify_all();
  }
  send(socket, reply);
  ::shutdown(socket, SHUT_RDWR);
}

void ScriptedServer::send(int socket, const ScriptedReply& reply) {
  for (std::size_t i = 0; i < reply.pieces.size(); ++i) {
    if (i == reply.held_before && !wait_for_release(socket)) return;
    const std::string& piece = reply.pieces[i];
    if (::send(socket, piece.data(), piece.size(), MSG_NOSIGNAL) < 0) return;
  }
}

/// False when the caller has left or the server stops.
bool ScriptedServer::wait_for_release(int socket) {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, 5ms, [this] { return released_ > 0 || is_stopping_; });
      if (is_stopping_) return false;
      if (released_ > 0) {
        --released_;
        return true;
      }
    }
    if (!has_left(socket, 0ms)) continue;
    const std::lock_guard lock(mutex_);
    ++leavers_;
    changed_.notify_all();
    return false;
  }
}

}  // namespace parley::test
