#pragma once

// The log: one line per fact on standard error, through spdlog, whose headers stay in log.cpp.
// Never holds passwords, tokens or message texts. A line that its level drops is not even
// formatted. Any thread.

#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace parley::log {

enum class Level { Debug, Info, Warning, Error, Off };

/// Lines below `level` are dropped. Info when never called.
void set_level(Level level);

/// True when lines of this level are written.
bool is_enabled(Level level);

enum class Format {
  Plain,  ///< The bare line, as command-line tools print it.
  Text,   ///< Time and level in front.
  Json,   ///< An object per line: time, level, message and the fields.
};

/// Text when never called.
void set_format(Format format);

void write(Level level, std::string_view line);

/// A fact that programs read: `name=value` behind the line, or members of the JSON object.
struct Field {
  std::string_view name;  ///< Of letters, digits and `_`.
  std::variant<std::string_view, std::int64_t> value;
};

void write(Level level, std::string_view line, std::span<const Field> fields);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::Debug))
    write(Level::Debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::Info)) write(Level::Info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::Warning))
    write(Level::Warning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  if (is_enabled(Level::Error))
    write(Level::Error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace parley::log
