#include "outreach/trouble_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "outreach/routes.h"

namespace parley::outreach {
namespace {

constexpr std::size_t kWaitingMax = 100;
constexpr std::chrono::minutes kWriteEvery{1};

/// `/messages` of `/api/v1/outreach/messages/…`: what follows may belong to one user.
std::string_view area_of(std::string_view path) {
  path.remove_prefix(std::min(path.size(), kPrefix.size()));
  return path.substr(0, path.find('/', 1));
}

}  // namespace

void TroubleLog::note(LogLine line) {
  const Timestamp now = store_.now();
  const std::scoped_lock lock(mutex_);
  const auto same = std::ranges::find_if(
      waiting_, [&](const Noted& noted) { return noted.line.message == line.message; });
  if (same != waiting_.end()) {
    ++same->times;
    return;
  }
  if (waiting_.size() == kWaitingMax) return;
  waiting_.push_back({.line = std::move(line), .first = now});
  if (loop_) loop_->wake();
}

void TroubleLog::write() {
  std::vector<Noted> lines = take();
  if (lines.empty()) return;
  try {
    store_.write_and_wait([&](store::UnitOfWork& unit) {
      for (const Noted& noted : lines) {
        LogLine line = noted.line;
        if (noted.times > 1) line.message += fmt::format(" ({} times)", noted.times);
        add_line(unit.connection, line, noted.first);
      }
    });
  } catch (...) {
    give_back(std::move(lines));
    throw;
  }
}

void TroubleLog::start() {
  const std::scoped_lock lock(mutex_);
  loop_.emplace(
      "the log of troubles",
      [this] {
        write();
        return false;
      },
      kWriteEvery);
}

std::function<bool()> TroubleLog::watched(std::string name, Component component,
                                          std::function<bool()> round) {
  return [this, name = std::move(name), component, round = std::move(round)] {
    try {
      return round();
    } catch (...) {
      note({.level = LogLevel::Error,
            .component = component,
            .message = name + " had trouble, of which the server's log tells"});
      throw;
    }
  };
}

std::vector<TroubleLog::Noted> TroubleLog::take() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(waiting_, {});
}

void TroubleLog::give_back(std::vector<Noted> lines) {
  const std::scoped_lock lock(mutex_);
  std::ranges::move(waiting_, std::back_inserter(lines));
  lines.resize(std::min(lines.size(), kWaitingMax));
  waiting_ = std::move(lines);
}

http::ProblemStyle noting_answer(TroubleLog& trouble) {
  return [&trouble](const http::Problem& problem, const http::Request& request) {
    if (problem.status >= 500) {
      trouble.note({.level = LogLevel::Error,
                    .component = Component::System,
                    .message = fmt::format("{} {} was answered with {} {}", request.method,
                                           area_of(request.path), problem.status, problem.code),
                    .details = "request " + request.id});
    }
    return http::problem_response(problem, request);
  };
}

}  // namespace parley::outreach
