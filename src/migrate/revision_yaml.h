#pragma once

// A YAML document as a plain tree that remembers where everything stood, so that each complaint
// about a revision file names line and column. The YAML library stays in revision_yaml.cpp. A
// scalar is text and nothing else: `001` stays `001`, and no word is guessed to be a number, a date
// or a truth value. Kept out, because no revision needs them: tags, anchors and aliases, several
// documents in a file, keys that are not text, the same key twice. Values; any thread.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::migrate {

/// Line and column count from 1, the column in characters. `file` belongs to the caller of
/// `read_yaml`.
struct FilePosition {
  std::string_view file;
  int line = 1;
  int column = 1;
};

/// Throws Error{InvalidRevisionFile}: "file:line:column: problem".
[[noreturn]] void fail_at(const FilePosition& position, const std::string& problem,
                          std::string hint = {});

struct YamlEntry;

struct YamlNode {
  enum class Kind { Null, Scalar, Sequence, Mapping };

  Kind kind = Kind::Null;
  FilePosition position;           ///< A null of a mapping has the position of its key.
  std::string text;                ///< Of a scalar, without quotes.
  std::optional<int> text_column;  ///< Where `text` begins, when the file has it letter by letter.
  std::vector<YamlNode> items;     ///< Of a sequence.
  std::vector<YamlEntry> entries;  ///< Of a mapping, in the order of the file.

  /// The value of `key`, or null when this is no mapping or lacks the key.
  const YamlNode* find(std::string_view key) const;

  /// Where the character at `offset` of `text` stands; where the node begins when that cannot be
  /// told.
  FilePosition position_in_text(std::size_t offset) const;
};

struct YamlEntry {
  std::string key;
  FilePosition position;  ///< Of the key.
  YamlNode value;
};

/// Reads one YAML document; an empty one is a null. `file` names it in messages and must outlive
/// the tree. Throws Error{InvalidRevisionFile} with the position of what cannot be read.
YamlNode read_yaml(std::string_view yaml, std::string_view file);

}  // namespace parley::migrate
