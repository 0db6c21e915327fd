#include "database/read_watch.h"

#include <fmt/format.h>
#include <poll.h>

#include "base/error.h"
#include "base/text.h"

namespace parley::database {
namespace {

/// How much later than the server this side gives up.
constexpr std::chrono::milliseconds kGrace{1000};
/// How often a wait looks for a cancellation.
constexpr int kLookEvery = 50;  // milliseconds

}  // namespace

ReadWatch::ReadWatch(const ReadLimits& limits, const Cancellation& cancellation)
    : limits_(limits),
      cancellation_(cancellation),
      deadline_(std::chrono::steady_clock::now() + limits.timeout + kGrace) {}

bool ReadWatch::is_over() const {
  return std::chrono::steady_clock::now() >= deadline_ || cancellation_.is_cancelled();
}

bool ReadWatch::has_used_its_time() const {
  return std::chrono::steady_clock::now() >= deadline_ - kGrace;
}

void ReadWatch::check() const {
  if (cancellation_.is_cancelled()) throw Error(ErrorCode::Unavailable, "The query was cancelled");
  if (is_over()) throw_too_late();
}

void ReadWatch::throw_too_late() const {
  throw Error(ErrorCode::Unavailable,
              fmt::format("The query took longer than {} ms", limits_.timeout.count()));
}

void ReadWatch::wait_for_input(int socket) const {
  pollfd waiting{.fd = socket, .events = POLLIN, .revents = 0};
  do {
    check();
  } while (::poll(&waiting, 1, kLookEvery) == 0);
}

bool ReadWatch::add(ReadRows& result, std::vector<std::optional<std::string>> row) {
  for (const auto& value : row) bytes_ += value ? value->size() : 0;
  result.is_cut = result.rows.size() >= limits_.rows_max || bytes_ > limits_.bytes_max;
  if (!result.is_cut) result.rows.push_back(std::move(row));
  return !result.is_cut;
}

std::string readable(std::string_view bytes) {
  return is_storable_text(bytes) ? std::string(bytes) : fmt::format("<{} bytes>", bytes.size());
}

}  // namespace parley::database
