#pragma once

// Scripts that `--sql` prints, as tests compare them.

#include <string>

#include "base/text.h"

namespace parley::test {

/// The statements about the schema, white space folded: without comments, lines for the client
/// alone, and where transactions begin and end.
inline std::string statements(const std::string& script) {
  std::string kept;
  for (const std::string& line : split(script, '\n')) {
    if (line.starts_with('.') || line.starts_with('\\')) continue;
    if (line == "BEGIN;" || line == "COMMIT;") continue;
    kept += line.substr(0, line.find("--")) + "\n";
  }
  return collapse_white_space(kept);
}

}  // namespace parley::test
