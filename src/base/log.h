#pragma once

// The log: one line per fact on standard error, through spdlog, whose headers stay in log.cpp.
// Never holds passwords, tokens or message texts. Any thread.

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace parley::log {

enum class Level { Debug, Info, Warning, Error, Off };

/// Lines below `level` are dropped. Info when never called.
void set_level(Level level);

/// Plain lines "message" when true, as command-line tools print them; with time and level when
/// false.
void set_plain(bool plain);

void write(Level level, std::string_view line);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::Debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::Info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::Warning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::Error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace parley::log
