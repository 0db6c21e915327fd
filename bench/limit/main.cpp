// server_limit: see limit.h. Prints one JSON object per size of batch.

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <random>
#include <regex>
#include <stdexcept>
#include <vector>

#include "limit/limit.h"

namespace {

using namespace parley::bench;
using SteadyClock = std::chrono::steady_clock;

struct Options {
  std::string database;
  std::string sessions;
  std::size_t sessions_max = 10'000;
  bool reads_pages = false;
  bool leaves_out_events = false;
  std::vector<std::size_t> batches{1, 64, 256};
  double seconds = 5;
  std::size_t text_bytes = 100;
  unsigned seed = 1;
};

std::unique_ptr<Limit> open(const Options& options) {
  const Events events = options.leaves_out_events ? Events::LeftOut : Events::Written;
  const std::string& url = options.database;
  constexpr std::string_view kSqlite = "sqlite:///";
  if (url.starts_with(kSqlite)) return open_sqlite(url.substr(kSqlite.size()), events);
  if (url.starts_with("postgresql://")) return open_postgresql(url, events);
  const std::regex mysql("mysql://([^@]+)@([^:]+):([0-9]+)/(.+)");
  std::smatch part;
  if (!std::regex_match(url, part, mysql))
    throw std::invalid_argument("--database is no URL of the kind bench/server makes");
  return open_mariadb({.host = part[2],
                       .port = static_cast<unsigned>(std::stoul(part[3])),
                       .user = part[1],
                       .database = part[4]},
                      events);
}

std::vector<std::string> read_sessions(const Options& options) {
  std::ifstream file(options.sessions);
  std::vector<std::string> sessions;
  std::string session, token;
  while (sessions.size() < options.sessions_max && file >> session >> token)
    sessions.push_back(session);
  if (sessions.empty()) throw std::runtime_error("no sessions in " + options.sessions);
  return sessions;
}

Content content_now(const Options& options) {
  const std::string text(options.text_bytes, 'x');
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return {.text = text,
          .now = fmt::format("{:%Y-%m-%d %H:%M:%S}.000000", fmt::gmtime(now)),
          .audience = R"({"tenant":"","account":"visitor@example.org","roles":["agent"]})",
          .data = fmt::format(
              R"({{"message_id":1000000,"session_id":"00000000-0000-4000-8000-000000000000",)"
              R"("sender_type":"user","sender_id":"visitor@example.org","sender_name":"Visitor",)"
              R"("message_text":"{}","created_at":"2025-01-31T09:30:00.000000Z"}})",
              text)};
}

/// Calls `step` until the time is over; how many times per second.
template <class Step>
double rate_of(double seconds, Step step) {
  const auto begin = SteadyClock::now();
  std::chrono::duration<double> elapsed{};
  double steps = 0;
  for (; elapsed.count() < seconds; elapsed = SteadyClock::now() - begin, ++steps) step();
  return steps / elapsed.count();
}

double post(Limit& limit, const std::vector<std::string>& sessions, const Options& options,
            std::size_t batch) {
  std::minstd_rand random(options.seed);
  std::vector<const std::string*> chosen(batch);
  const double batches = rate_of(options.seconds, [&] {
    for (auto& each : chosen) each = &sessions[random() % sessions.size()];
    limit.post(chosen, content_now(options));
  });
  return batches * static_cast<double>(batch);
}

double read_pages(Limit& limit, const std::vector<std::string>& sessions, const Options& options) {
  std::minstd_rand random(options.seed);
  return rate_of(options.seconds, [&] { limit.read_page(sessions[random() % sessions.size()]); });
}

void run(const Options& options) {
  const auto limit = open(options);
  const auto sessions = read_sessions(options);
  if (options.reads_pages) {
    fmt::print("{{\"rate\": {:.1f}}}\n", read_pages(*limit, sessions, options));
    return;
  }
  for (const std::size_t batch : options.batches)
    fmt::print("{{\"batch\": {}, \"rate\": {:.1f}}}\n", batch,
               post(*limit, sessions, options, batch));
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("--database", options.database, "URL of the copy; it is written to")->required();
  app.add_option("--sessions", options.sessions, "File with a session and its token per line")
      ->required();
  app.add_option("--sessions-max", options.sessions_max, "How many of them to use, from the first")
      ->capture_default_str();
  app.add_flag("--pages", options.reads_pages, "Read pages of 50 instead of posting");
  app.add_flag("--without-events", options.leaves_out_events, "Write messages and sessions only");
  app.add_option("--batch", options.batches, "Messages per transaction, one run each")
      ->delimiter(',')
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "Time of a run")->capture_default_str();
  app.add_option("--text-bytes", options.text_bytes, "Length of a message")->capture_default_str();
  app.add_option("--seed", options.seed, "Of the choice of sessions")->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Does what a server does with its database, in a plain loop without the server.");
  Options options;
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  try {
    run(options);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "server_limit: {}\n", error.what());
    return 1;
  }
}
