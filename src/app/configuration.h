#pragma once

// The settings of a server: flags win over the environment, which wins over the file, which wins
// over the defaults. One table lists every setting, and an unknown name is an error that suggests
// the nearest. A value after construction; any thread may read it.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/setting_names.h"

namespace parley::app {

struct Setting {
  /// Dotted, as in the file: `[live_agent.jwt] secret` is `live_agent.jwt.secret`. A `*` stands for
  /// any member of a family: `outreach.channels.*.host`.
  std::string_view name;
  std::string_view default_value;  ///< As text; empty: not set.
  std::string_view meaning;        ///< One line, for the documentation.
};

/// Every setting there is.
std::span<const Setting> all_settings();

class Configuration {
 public:
  /// What the command line said. `settings` are by dotted name.
  struct Flags {
    std::string config_file;  ///< Empty: `parley.toml` in the data directory, when it is there.
    std::map<std::string, std::string> settings;
  };

  /// Reads the file and the environment. Throws Error{InvalidConfiguration} naming file and line,
  /// or variable, for an unknown name or a file that cannot be read.
  static Configuration load(const Flags& flags);

  /// The value, or the default. Requires: `setting` is in all_settings(), or in a family of it.
  std::string text(std::string_view setting) const;
  bool is_set(std::string_view setting) const { return !text(setting).empty(); }
  /// true/false/1/0/yes/no, any letter case. Throws Error{InvalidConfiguration} for anything else.
  bool truth(std::string_view setting) const;
  /// Throws Error{InvalidConfiguration} unless it is a whole number from `min` to `max`.
  std::int64_t number(std::string_view setting, std::int64_t min, std::int64_t max) const;

  /// The members of a family that have any setting, in order: of `outreach.channels.` those that
  /// `[outreach.channels.<member>]` and the environment name. Requires: it ends with a dot.
  std::vector<std::string> members(std::string_view family) const;

  std::filesystem::path data_directory() const { return text("data"); }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace parley::app
