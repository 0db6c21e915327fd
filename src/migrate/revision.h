#pragma once

// A revision: one step of a history, as data, and the YAML file it is written in. A file has the
// keys `revision`, `down_revision`, `branch_labels`, `depends_on`, `message`, `create_date`,
// `upgrade` and, where the derived way back is not wanted, `downgrade`.
// docs/guide/revision-files.md shows every form. Values and pure functions; the YAML library stays
// in revision_yaml.cpp.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/change.h"

namespace parley::migrate {

struct Revision {
  std::string id;
  std::vector<std::string> down_revisions;  ///< Parents; empty for a base.
  std::vector<std::string> branch_labels;
  std::vector<std::string> depends_on;  ///< Must be applied first, but are no parents.
  std::string message;
  std::string create_date;
  std::vector<schema::Change> upgrade;
  std::optional<std::vector<schema::Change>> downgrade;  ///< Absent: derived from the state before.

  std::string history;  ///< Name of the history that owns the file; not part of the file.
  std::string file;     ///< Where it was read from, for messages; not part of the file.

  bool operator==(const Revision&) const = default;
};

/// Reads one revision file. Throws Error{InvalidRevisionFile}: "file:line:column: what is wrong",
/// with the nearest known word for an unknown key, change or type, and the form that was expected
/// as hint. `upgrade` must be there, even if empty: a file cut short is no revision that does
/// nothing.
Revision parse_revision(std::string_view yaml, const std::string& file);

/// The YAML of `revision`, as a careful person would write it, such that parse_revision of it gives
/// the same revision (`history` and `file` aside).
std::string to_yaml(const Revision& revision);

/// Version of the algorithm behind `checksum_of`; stored beside every checksum.
inline constexpr int kChecksumVersion = 1;

/// What a revision applies, hashed: SHA-256 in hexadecimal over the id, the sorted `down_revisions`
/// and `depends_on`, and the changes of `upgrade` and `downgrade` in order. Taken from the values
/// and not from the file, so that comments, spelling and the order of keys do not matter;
/// `message`, `create_date` and `branch_labels` apply nothing and may be edited at any time. The
/// hashed text is one line per property, `name length:value`, in words of its own that never
/// change; what is empty or usual is left out, so that a property added to the model later leaves
/// existing checksums alone.
std::string checksum_of(const Revision& revision);

/// `<id>_<message as words>.yaml`, unless the id already says the message
/// (`001_create_sessions.yaml`).
std::string file_name_of(const Revision& revision);

/// Reads all `*.yaml` and `*.yml` of a folder (not below it, no hidden files), sorted by file name,
/// as revisions of `history`. Throws Error{FileSystem} for a folder or file that cannot be read,
/// and what `parse_revision` throws.
std::vector<Revision> read_revisions(const std::filesystem::path& directory,
                                     const std::string& history);

}  // namespace parley::migrate
