#pragma once

// A schema as boxes with rows and the lines between them: what both kinds of picture of `parley db
// dump` show. Values; pure; any thread.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "schema/schema.h"

namespace parley::migrate {

struct DiagramRow {
  std::string name;
  std::string type;  ///< In the words of revision files: `string(36)`.
  bool is_nullable = false;
  bool is_primary_key = false;
  bool is_foreign_key = false;
  bool is_unique = false;  ///< By itself, without other columns.
  std::string comment;
};

struct DiagramBox {
  enum class Kind { Table, View, Enum };
  Kind kind = Kind::Table;
  std::string name;
  std::vector<DiagramRow> rows;  ///< Of an enum its values, as names.
  std::string comment;
};

/// A foreign key, or a view that reads a table.
struct DiagramLine {
  std::size_t from = 0;
  std::size_t to = 0;
  std::optional<std::size_t> from_row;  ///< Nothing: the box as a whole.
  std::optional<std::size_t> to_row;
  bool is_optional = false;  ///< The foreign key may be NULL: there need not be a row.
  bool is_single = false;    ///< At most one row refers to each.
  std::string label;         ///< The columns of the key, or what it is called.
};

struct Diagram {
  std::vector<DiagramBox> boxes;
  std::vector<DiagramLine> lines;
};

Diagram diagram_of(const schema::Schema& schema);

}  // namespace parley::migrate
