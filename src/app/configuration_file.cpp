#include "app/configuration_file.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <fstream>
#include <sstream>

#include "base/error.h"

namespace parley::app {
namespace {

std::string value_text(const toml::node& node, const std::string& where) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  throw Error(ErrorCode::InvalidConfiguration,
              fmt::format("{}: a setting is a text, a whole number, true or false", where));
}

void collect(const toml::table& table, const std::string& prefix, const std::string& file,
             std::vector<FileSetting>& settings) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const auto* inner = node.as_table()) {
      collect(*inner, name + ".", file, settings);
      continue;
    }
    const auto line = static_cast<int>(node.source().begin.line);
    const std::string where = fmt::format("{}:{}: {}", file, line, name);
    settings.push_back(FileSetting{name, value_text(node, where), line});
  }
}

}  // namespace

std::vector<FileSetting> read_configuration_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} cannot be read", file.string()),
                "Check the path given with --config and its permissions.");
  }
  std::stringstream text;
  text << stream.rdbuf();
  std::vector<FileSetting> settings;
  try {
    collect(toml::parse(text.str(), file.string()), "", file.string(), settings);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorCode::InvalidConfiguration,
                fmt::format("{}:{}:{}: {}", file.string(), error.source().begin.line,
                            error.source().begin.column, error.description()));
  }
  return settings;
}

}  // namespace parley::app
