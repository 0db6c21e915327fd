#include "base/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <iterator>
#include <memory>

#include "base/json.h"
#include "base/text.h"

namespace parley::log {
namespace {

std::atomic<Format> chosen_format = Format::Text;

constexpr const char* pattern_of(Format format) {
  switch (format) {
    case Format::Plain: return "%v";
    case Format::Text: return "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
    case Format::Json: return R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
  }
  return "%v";
}

std::unique_ptr<spdlog::formatter> make_formatter(Format format) {
  return std::make_unique<spdlog::pattern_formatter>(pattern_of(format),
                                                     spdlog::pattern_time_type::utc);
}

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("parley",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_formatter(make_formatter(Format::Text));
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

/// `text` as a JSON string. Bytes that are no UTF-8 are shown as the characters of Latin-1.
std::string quoted(std::string_view text) {
  if (is_storable_text(text)) return to_text(Json(text));
  std::string readable;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) readable += static_cast<char>(0xC0 | (byte >> 6));
    readable += static_cast<char>(byte >= 0x80 ? 0x80 | (byte & 0x3F) : byte);
  }
  return to_text(Json(readable));
}

std::string value_text(const Field& field, Format format) {
  if (const auto* number = std::get_if<std::int64_t>(&field.value)) return std::to_string(*number);
  const std::string_view text = std::get<std::string_view>(field.value);
  const bool is_bare = format != Format::Json && !text.empty() &&
                       text.find_first_of(" \"=") == std::string_view::npos;
  return is_bare ? one_line(text) : quoted(text);
}

std::string text_line(std::string_view line, std::span<const Field> fields) {
  std::string result = one_line(line);
  for (const Field& field : fields) {
    fmt::format_to(std::back_inserter(result), " {}={}", field.name,
                   value_text(field, Format::Text));
  }
  return result;
}

std::string json_members(std::string_view line, std::span<const Field> fields) {
  std::string result = fmt::format("\"message\":{}", quoted(line));
  for (const Field& field : fields) {
    fmt::format_to(std::back_inserter(result), ",\"{}\":{}", field.name,
                   value_text(field, Format::Json));
  }
  return result;
}

}  // namespace

void set_level(Level level) { logger().set_level(to_spdlog(level)); }

bool is_enabled(Level level) { return logger().should_log(to_spdlog(level)); }

void set_format(Format format) {
  chosen_format = format;
  logger().set_formatter(make_formatter(format));
}

void write(Level level, std::string_view line) { write(level, line, {}); }

void write(Level level, std::string_view line, std::span<const Field> fields) {
  if (!is_enabled(level)) return;
  switch (chosen_format.load()) {
    case Format::Plain:
      logger().log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
      return;
    case Format::Text: logger().log(to_spdlog(level), text_line(line, fields)); return;
    case Format::Json: logger().log(to_spdlog(level), json_members(line, fields)); return;
  }
}

}  // namespace parley::log
