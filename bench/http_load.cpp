// How many requests per second a running server answers: posts messages to live-agent sessions, or
// reads the newest page of them, over keep-alive HTTP/1.1 connections with one request at a time
// each. Every request goes to a random session of a list, with that session's own token. One thread
// on epoll with the requests made beforehand, so that it takes as little as it can of a machine
// that it shares with the server. Prints one JSON object per number of connections.

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
#include <boost/json.hpp>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fstream>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::duration;

struct Options {
  std::string address;
  std::string sessions;
  std::size_t sessions_max = 10'000;
  bool reads_pages = false;
  std::vector<int> connections{1, 64, 256};
  double seconds = 5;
  double warm_up_seconds = 0.5;
  std::size_t text_bytes = 100;
  unsigned seed = 1;
};

struct Results {
  std::vector<double> latencies_ms;  ///< Of the answers as expected in the measured time.
  std::size_t answered = 0;          ///< All answers as expected, those outside it too.
  std::size_t failures = 0;
  std::string first_failure;
};

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in socket_address(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) throw std::invalid_argument("--address needs HOST:PORT");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1))));
  if (inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr) != 1)
    throw std::invalid_argument("--address needs an IPv4 address: " + text);
  return address;
}

std::string post_request(const Options& options, std::string_view session, std::string_view token) {
  const std::string body =
      fmt::format(R"({{"session_id":"{}","sender_type":"user","message_text":"{}"}})", session,
                  std::string(options.text_bytes, 'x'));
  return fmt::format(
      "POST /api/v1/live-agent/messages HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n"
      "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
      options.address, token, body.size(), body);
}

std::string page_request(const Options& options, std::string_view session, std::string_view token) {
  return fmt::format(
      "GET /api/v1/live-agent/messages/{}?per_page=50 HTTP/1.1\r\nHost: {}\r\n"
      "Authorization: Bearer {}\r\n\r\n",
      session, options.address, token);
}

/// One request for each of the first sessions of the list, whose lines are `session token`.
std::vector<std::string> make_requests(const Options& options) {
  std::ifstream file(options.sessions);
  std::vector<std::string> requests;
  std::string session, token;
  while (requests.size() < options.sessions_max && file >> session >> token) {
    requests.push_back(options.reads_pages ? page_request(options, session, token)
                                           : post_request(options, session, token));
  }
  if (requests.empty()) throw std::runtime_error("no sessions in " + options.sessions);
  return requests;
}

/// The head of an answer: its status, and how long the whole answer is.
struct Head {
  int status = 0;
  std::size_t answer_bytes = 0;
};

bool begins_with_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && strncasecmp(text.data(), lower.data(), lower.size()) == 0;
}

Head read_head(std::string_view head) {
  constexpr std::string_view kStatus = "HTTP/1.1 ", kLength = "content-length:";
  if (!head.starts_with(kStatus)) throw std::runtime_error("not HTTP/1.1: " + std::string(head));
  Head read;
  std::from_chars(head.data() + kStatus.size(), head.data() + head.size(), read.status);
  for (auto line = head.find("\r\n"); line != head.size() - 2; line = head.find("\r\n", line + 2)) {
    const std::string_view field = head.substr(line + 2);
    if (!begins_with_ignoring_case(field, kLength)) continue;
    const char* digits = field.data() + kLength.size();
    while (*digits == ' ') ++digits;
    std::from_chars(digits, head.data() + head.size(), read.answer_bytes);
    read.answer_bytes += head.size() + 2;
    return read;
  }
  throw std::runtime_error("an answer without Content-Length: " + std::string(head));
}

/// Counts the bytes of one answer as they come; of the body, only the beginning is kept.
class AnswerReader {
 public:
  /// True when these bytes complete the answer.
  bool take(std::string_view bytes) {
    received_ += bytes.size();
    if (head_.answer_bytes == 0) {
      kept_ += bytes;
      const auto end = kept_.find("\r\n\r\n");
      if (end == std::string::npos) return false;
      head_ = read_head(std::string_view(kept_).substr(0, end + 2));
    }
    if (received_ > head_.answer_bytes) throw std::runtime_error("more than one answer came");
    return received_ == head_.answer_bytes;
  }
  int status() const { return head_.status; }
  const std::string& beginning() const { return kept_; }
  void clear() {
    head_ = {};
    received_ = 0;
    kept_.clear();
  }

 private:
  Head head_;
  std::size_t received_ = 0;
  std::string kept_;
};

/// One connection with one request under way.
class Client {
 public:
  enum class Received { Part, Answer, End };

  Client(const sockaddr_in& address, int epoll) : address_(address), epoll_(epoll) { connect(); }
  ~Client() { close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void start(const std::string& request) {
    answer_.clear();
    started_ = SteadyClock::now();
    // The request is far smaller than any socket buffer that has just been emptied.
    const auto sent = send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;  // `receive` finds out.
    if (sent != static_cast<ssize_t>(request.size())) throw_errno("cannot send a request");
  }

  /// Reads what has arrived. When the server has ended the connection, a new one takes its place.
  Received receive() {
    static char buffer[1 << 16];
    const auto received = recv(socket_, buffer, sizeof buffer, 0);
    if (received < 0 && errno == EAGAIN) return Received::Part;
    if (received <= 0) {
      close(socket_);
      connect();
      return Received::End;
    }
    const bool is_whole = answer_.take({buffer, static_cast<std::size_t>(received)});
    return is_whole ? Received::Answer : Received::Part;
  }

  const AnswerReader& answer() const { return answer_; }
  double elapsed_ms(SteadyClock::time_point now) const {
    return duration<double, std::milli>(now - started_).count();
  }

 private:
  void connect() {
    socket_ = socket(AF_INET, SOCK_STREAM, 0);
    if (socket_ < 0) throw_errno("cannot make a socket");
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) != 0)
      throw_errno("cannot connect to --address");
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(socket_, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = this;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_, &event) != 0)
      throw_errno("cannot watch a socket");
  }

  sockaddr_in address_;
  int epoll_;
  int socket_ = -1;
  AnswerReader answer_;
  SteadyClock::time_point started_;
};

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), requests_(make_requests(options)), random_(options.seed) {}

  /// Keeps a request under way on every connection until the time is over. The requests still
  /// under way then are waited for, so that none is cut off.
  Results run(int connections) {
    const int epoll = epoll_create1(0);
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < connections; ++i)
      clients.push_back(std::make_unique<Client>(socket_address(options_.address), epoll));
    const auto seconds = [](double count) {
      return std::chrono::duration_cast<SteadyClock::duration>(duration<double>(count));
    };
    begin_ = SteadyClock::now() + seconds(options_.warm_up_seconds);
    end_ = begin_ + seconds(options_.seconds);
    results_ = {};
    for (const auto& client : clients) client->start(any_request());
    for (auto under_way = clients.size(); under_way > 0;) under_way -= wait(epoll, connections);
    close(epoll);
    return std::move(results_);
  }

 private:
  const std::string& any_request() { return requests_[random_() % requests_.size()]; }

  /// Handles what has arrived; how many connections are at their end.
  std::size_t wait(int epoll, int connections) {
    events_.resize(static_cast<std::size_t>(connections));
    const int ready = epoll_wait(epoll, events_.data(), connections, 60'000);
    if (ready <= 0) throw std::runtime_error("no answer within a minute");
    std::size_t ended = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(ready); ++i) {
      auto& client = *static_cast<Client*>(events_[i].data.ptr);
      const auto received = client.receive();
      if (received == Client::Received::Part) continue;
      const auto now = SteadyClock::now();
      if (received == Client::Received::Answer) {
        count(client, now);
      } else {
        fail("the server closed a connection before its answer");
      }
      if (now < end_) {
        client.start(any_request());
      } else {
        ++ended;
      }
    }
    return ended;
  }

  void count(const Client& client, SteadyClock::time_point now) {
    if (client.answer().status() != (options_.reads_pages ? 200 : 201)) {
      return fail(client.answer().beginning());
    }
    ++results_.answered;
    if (now >= begin_ && now < end_) results_.latencies_ms.push_back(client.elapsed_ms(now));
  }

  void fail(const std::string& how) {
    if (results_.failures++ == 0) results_.first_failure = how;
  }

  const Options& options_;
  const std::vector<std::string> requests_;
  std::minstd_rand random_;
  SteadyClock::time_point begin_, end_;
  Results results_;
  std::vector<epoll_event> events_;
};

double percentile(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

void print(int connections, const Options& options, Results results) {
  auto& latencies = results.latencies_ms;
  std::sort(latencies.begin(), latencies.end());
  const boost::json::object line{{"connections", connections},
                                 {"rate", static_cast<double>(latencies.size()) / options.seconds},
                                 {"p50_ms", percentile(latencies, 0.50)},
                                 {"p99_ms", percentile(latencies, 0.99)},
                                 {"answered", results.answered},
                                 {"failures", results.failures},
                                 {"first_failure", results.first_failure}};
  fmt::print("{}\n", boost::json::serialize(line));
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("--address", options.address, "Where the server listens, HOST:PORT")->required();
  app.add_option("--sessions", options.sessions, "File with a session and its token per line")
      ->required();
  app.add_option("--sessions-max", options.sessions_max, "How many of them to use, from the first")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--pages", options.reads_pages, "Read the newest 50 messages instead of posting");
  app.add_option("--connections", options.connections, "Numbers of connections, one run each")
      ->delimiter(',')
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "Measured time of a run")->capture_default_str();
  app.add_option("--warm-up", options.warm_up_seconds, "Seconds before it")->capture_default_str();
  app.add_option("--text-bytes", options.text_bytes, "Length of a message")->capture_default_str();
  app.add_option("--seed", options.seed, "Of the choice of sessions")->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Loads a running server with requests and measures its answers.");
  Options options;
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    Load load(options);
    for (const int connections : options.connections)
      print(connections, options, load.run(connections));
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "http_load: {}\n", error.what());
    return 1;
  }
}
