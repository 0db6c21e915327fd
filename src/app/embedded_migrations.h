#pragma once

// The shipped revision files of migrations/, as text in the binary. Made at build time; any thread.

#include <span>
#include <string_view>

namespace parley::app {

struct EmbeddedMigration {
  std::string_view history;  ///< The folder: `live_agent`, `live_agent.support`.
  std::string_view file;     ///< `001_create_sessions.yaml`.
  std::string_view text;
};

/// All of them, sorted by history and file name.
std::span<const EmbeddedMigration> embedded_migrations();

}  // namespace parley::app
