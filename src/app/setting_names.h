#pragma once

// Names of settings, in the file (`outreach.channels.email.host`) and in the environment
// (`PARLEY_OUTREACH_CHANNELS_EMAIL_HOST`). A setting that exists many times over, once for each
// member of a family, is declared with `*` for the member: `outreach.channels.*.host`. Members are
// called by lower-case letters, digits and `_`. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace parley::app {

/// The environment variable of a setting: `PARLEY_` and the name in upper case, dots as
/// underscores.
std::string environment_name(std::string_view setting);

/// True when `declared` is `name`, or the family that `name` is in.
bool declares(std::string_view declared, std::string_view name);

/// The name that the variable sets, when `declared` is a family; nothing when it is another one's.
std::optional<std::string> member_of_variable(std::string_view declared, std::string_view variable);

/// `declared` with the member that `name`, which may be misspelt, seems to mean: what to suggest.
/// Both are names of the file, or both of the environment.
std::string likened(std::string_view declared, std::string_view name, char separator);

}  // namespace parley::app
