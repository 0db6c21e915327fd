// How many messages per second a running Parley accepts: posts messages into one live-agent session
// over keep-alive HTTP/1.1 connections, each with one request at a time, and prints rate and
// latencies. One thread on epoll, so that it takes as little as it can of a machine that it shares
// with the server.

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::duration;

struct Options {
  std::string url = "http://127.0.0.1:8000";
  std::string token;
  std::string session;
  std::vector<int> connections{1, 64};
  double seconds = 5;
  double warm_up_seconds = 1;
  std::size_t text_bytes = 100;
};

struct Results {
  std::vector<double> latencies_ms;  ///< Of answers with a 2xx.
  int failures = 0;
  std::string first_failure;
};

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// `127.0.0.1:8000` of `http://127.0.0.1:8000/`.
std::string authority_of(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) throw std::invalid_argument("--url must begin with http://");
  url.remove_prefix(kScheme.size());
  return std::string(url.substr(0, url.find('/')));
}

sockaddr_in address_of(const std::string& authority) {
  const auto colon = authority.find(':');
  const int port = colon == std::string::npos ? 80 : std::stoi(authority.substr(colon + 1));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (inet_pton(AF_INET, authority.substr(0, colon).c_str(), &address.sin_addr) != 1)
    throw std::invalid_argument("--url needs an IPv4 address: " + authority);
  return address;
}

std::string request_text(const Options& options) {
  const std::string body =
      fmt::format(R"({{"session_id":"{}","sender_type":"user","message_text":"{}"}})",
                  options.session, std::string(options.text_bytes, 'x'));
  return fmt::format(
      "POST /api/v1/live-agent/messages HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n"
      "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
      authority_of(options.url), options.token, body.size(), body);
}

/// The status and the full size of the answer at the start of `text`; size 0 while it is not
/// complete.
struct Answer {
  int status = 0;
  std::size_t size = 0;
};
Answer read_answer(std::string_view text) {
  const auto head_end = text.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return {};
  std::string head(text.substr(0, head_end));
  std::transform(head.begin(), head.end(), head.begin(),
                 [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  constexpr std::string_view kField = "\r\ncontent-length:";
  const auto field = head.find(kField);
  if (!head.starts_with("http/1.1 ") || field == std::string::npos)
    throw std::runtime_error("not an HTTP/1.1 answer with Content-Length: " + head);
  const std::size_t size = head_end + 4 + std::stoul(head.substr(field + kField.size()));
  return {std::stoi(head.substr(9)), text.size() < size ? 0 : size};
}

/// One connection with one request under way.
class Client {
 public:
  Client(const sockaddr_in& address, int epoll, const std::string& request)
      : address_(address), epoll_(epoll), request_(request) {
    connect();
  }
  ~Client() { close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send_request() {
    started_ = SteadyClock::now();
    // The request is far smaller than any socket buffer that has just been emptied.
    const auto sent = send(socket_, request_.data(), request_.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(request_.size())) throw_errno("cannot send a request");
  }

  /// Reads what has arrived; true when that completes the answer, which is then in `results` when
  /// it counts.
  bool receive(Results& results, bool counts) {
    char buffer[16384];
    const auto received = recv(socket_, buffer, sizeof buffer, 0);
    if (received < 0 && errno == EAGAIN) return false;
    if (received < 0) throw_errno("cannot receive an answer");
    if (received == 0)
      throw std::runtime_error("the server closed a connection in the middle of a request");
    input_.append(buffer, static_cast<std::size_t>(received));
    const Answer answer = read_answer(input_);
    if (answer.size == 0) return false;
    if (counts) count(answer, results);
    input_.clear();
    return true;
  }

 private:
  void connect() {
    socket_ = socket(AF_INET, SOCK_STREAM, 0);
    if (socket_ < 0) throw_errno("cannot make a socket");
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) != 0)
      throw_errno("cannot connect to --url");
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(socket_, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = this;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_, &event) != 0)
      throw_errno("cannot watch a socket");
  }

  void count(const Answer& answer, Results& results) const {
    if (answer.status >= 200 && answer.status < 300) {
      results.latencies_ms.push_back(
          duration<double, std::milli>(SteadyClock::now() - started_).count());
    } else if (results.failures++ == 0) {
      results.first_failure = input_.substr(0, answer.size);
    }
  }

  sockaddr_in address_;
  int epoll_;
  const std::string& request_;
  int socket_ = -1;
  std::string input_;
  SteadyClock::time_point started_;
};

using Clients = std::vector<std::unique_ptr<Client>>;

/// Keeps a request under way on every connection until `end`. Answers between `begin` and `end`
/// count; the requests still under way then are waited for, so that none is cut off.
Results drive(int epoll, const Clients& clients, SteadyClock::time_point begin,
              SteadyClock::time_point end) {
  Results results;
  std::vector<epoll_event> events(clients.size());
  for (const auto& client : clients) client->send_request();
  for (std::size_t under_way = clients.size(); under_way > 0;) {
    const int ready = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), 10'000);
    if (ready <= 0) throw std::runtime_error("no answer within 10 seconds");
    const auto now = SteadyClock::now();
    for (std::size_t i = 0; i < static_cast<std::size_t>(ready); ++i) {
      auto* client = static_cast<Client*>(events[i].data.ptr);
      if (!client->receive(results, now >= begin && now < end)) continue;
      if (now < end) {
        client->send_request();
      } else {
        --under_way;
      }
    }
  }
  return results;
}

SteadyClock::duration seconds(double count) {
  return std::chrono::duration_cast<SteadyClock::duration>(duration<double>(count));
}

Results run(const Options& options, int connections) {
  const sockaddr_in address = address_of(authority_of(options.url));
  const std::string request = request_text(options);
  const int epoll = epoll_create1(0);
  Clients clients;
  for (int i = 0; i < connections; ++i)
    clients.push_back(std::make_unique<Client>(address, epoll, request));
  const auto begin = SteadyClock::now() + seconds(options.warm_up_seconds);
  Results results = drive(epoll, clients, begin, begin + seconds(options.seconds));
  close(epoll);
  return results;
}

double percentile(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(part * static_cast<double>(sorted.size())))];
}

void print(int connections, double measured_seconds, Results results) {
  std::sort(results.latencies_ms.begin(), results.latencies_ms.end());
  fmt::print("{} connections: {:.0f} requests/s, p50 {:.3f} ms, p99 {:.3f} ms, {} not 2xx\n",
             connections, static_cast<double>(results.latencies_ms.size()) / measured_seconds,
             percentile(results.latencies_ms, 0.50), percentile(results.latencies_ms, 0.99),
             results.failures);
  if (results.failures > 0)
    fmt::print(stderr, "The first answer that is not 2xx:\n{}\n", results.first_failure);
}

std::string machine() {
  std::ifstream file("/proc/cpuinfo");
  std::string model = "unknown processor";
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) {
      model = line.substr(line.find(':') + 2);
      break;
    }
  }
  return fmt::format("{} × {}", std::thread::hardware_concurrency(), model);
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("--url", options.url, "Where Parley serves; an IPv4 address")
      ->capture_default_str();
  app.add_option("--token", options.token, "A user's token")->required();
  app.add_option("--session", options.session, "A session of that user")->required();
  app.add_option("--connections", options.connections, "Numbers of connections, one run each")
      ->delimiter(',')
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "Measured time of a run")->capture_default_str();
  app.add_option("--warm-up", options.warm_up_seconds, "Seconds before it")->capture_default_str();
  app.add_option("--text-bytes", options.text_bytes, "Length of a message")->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Posts messages to a running Parley and measures the answers.");
  Options options;
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    fmt::print("machine: {}\n", machine());
    bool is_clean = true;
    for (const int connections : options.connections) {
      Results results = run(options, connections);
      is_clean = is_clean && results.failures == 0;
      print(connections, options.seconds, std::move(results));
    }
    return is_clean ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "post_load: {}\n", error.what());
    return 1;
  }
}
