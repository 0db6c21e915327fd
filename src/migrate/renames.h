#pragma once

// Which names are the old ones under a new name. A comparison cannot know: a table that is gone and
// one that is new may be one table or two, and taking one case for the other loses rows. So renames
// are declared (`renamed_from` in a target), said on the command line, or asked; here they are
// values. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "schema/schema.h"

namespace parley::migrate {

struct TableRename {
  std::string from;
  std::string to;
  bool operator==(const TableRename&) const = default;
};
struct ColumnRename {
  std::string table;  ///< As it is called afterwards.
  std::string from;
  std::string to;
  bool operator==(const ColumnRename&) const = default;
};
/// What rows hold instead of an enum's old value.
struct ValueRename {
  std::string enumeration;
  std::string from;
  std::string to;
  bool operator==(const ValueRename&) const = default;
};

struct Renames {
  std::vector<TableRename> tables;
  std::vector<ColumnRename> columns;
  std::vector<ValueRename> values;
  bool operator==(const Renames&) const = default;
};

/// Those of `renames` that lead from `from` to `to`: the old name is there and goes, the new one is
/// new. Others were done before, and a target may keep them.
Renames effective(const Renames& renames, const schema::Schema& from, const schema::Schema& to);

/// `known` and what `answers` say of the difference of `from` and `to`: `old=new`, `table.old=new`,
/// `enum.old=new`. `table` may be its old or its new name. Throws Error{InvalidArgument} naming
/// what is there when an answer fits nothing. Requires: `known` is effective.
Renames read_renames(const std::vector<std::string>& answers, const schema::Schema& from,
                     const schema::Schema& to, Renames known = {});

/// A name that goes and one that comes, which are probably the same thing.
struct ProbableRename {
  std::string table;  ///< Empty for a table; otherwise its name afterwards.
  std::string from;
  std::vector<std::string> candidates;  ///< The likeliest first; not empty.
  std::string reason;                   ///< Why one would think so: `same type, similar name`.
};

/// What is left to ask when `known` has been answered. Nothing is probable of an enum's values.
std::vector<ProbableRename> probable_renames(const schema::Schema& from, const schema::Schema& to,
                                             const Renames& known);

/// `--rename users.name=full_name`, quoted for a shell where needed.
std::string rename_option(const ProbableRename& rename, const std::string& candidate);

}  // namespace parley::migrate
