#include "app/outreach_list.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "base/text.h"
#include "outreach/send_contents.h"

namespace parley::app {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw Error(ErrorCode::FileSystem, fmt::format("{} cannot be read", path));
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// The name of a file without its folder and ending.
std::string stem_of(const std::string& path) { return std::filesystem::path(path).stem().string(); }

}  // namespace

outreach::MessageTemplate read_template_file(const std::string& path) {
  const std::string text = read_file(path);
  if (!is_storable_text(text))
    throw Error(ErrorCode::InvalidArgument, fmt::format("{} is no UTF-8", path));
  outreach::MessageTemplate message;
  if (path.ends_with(".json")) {
    const Json json = parse_json(text);
    if (!json.is_object())
      throw Error(ErrorCode::InvalidArgument, fmt::format("{} is no JSON object", path));
    message = outreach::template_in(json.as_object());
  } else {
    constexpr std::string_view kSubject = "Subject:";
    std::string_view rest = text;
    if (rest.starts_with(kSubject)) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      message.subject = trim(line.substr(kSubject.size()));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    message.content = trim(rest);
  }
  if (message.name.empty()) message.name = stem_of(path);
  const bool has_text =
      !message.content.value_or("").empty() || !message.whatsapp_content.value_or("").empty();
  if (!has_text) throw Error(ErrorCode::InvalidArgument, fmt::format("{} has no content", path));
  return message;
}

outreach::Channel channel_named(const std::string& text) {
  const auto channel = parse_word<outreach::Channel>(text);
  if (channel) return *channel;
  throw Error(ErrorCode::InvalidArgument, fmt::format("There is no channel '{}'", text),
              fmt::format("The channels are {}.", list_words<outreach::Channel>()));
}

outreach::RecipientList read_list_file(const std::string& path, outreach::Channel channel) {
  return outreach::read_recipients(read_file(path), channel);
}

}  // namespace parley::app
