#include "base/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <memory>

namespace parley::log {
namespace {

std::atomic<bool> is_plain = false;

std::unique_ptr<spdlog::formatter> make_formatter(bool plain) {
  return std::make_unique<spdlog::pattern_formatter>(plain ? "%v" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
                                                     spdlog::pattern_time_type::utc);
}

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("parley",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_formatter(make_formatter(false));
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::Debug: return spdlog::level::debug;
    case Level::Info: return spdlog::level::info;
    case Level::Warning: return spdlog::level::warn;
    case Level::Error: return spdlog::level::err;
    case Level::Off: return spdlog::level::off;
  }
  return spdlog::level::info;
}

/// `line` without line breaks and other control characters, which could forge a line of their own.
std::string one_line(std::string_view line) {
  std::string result;
  result.reserve(line.size());
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7F) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

void set_level(Level level) { logger().set_level(to_spdlog(level)); }

void set_plain(bool plain) {
  is_plain = plain;
  logger().set_formatter(make_formatter(plain));
}

void write(Level level, std::string_view line) {
  if (!logger().should_log(to_spdlog(level))) return;
  if (is_plain) {
    logger().log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
  } else {
    logger().log(to_spdlog(level), one_line(line));
  }
}

}  // namespace parley::log
