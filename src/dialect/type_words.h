#pragma once

// The text of a column's type, taken apart: `character varying(36)`, `decimal(10,2) unsigned`,
// `timestamp(3) without time zone`. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "dialect/sql_style.h"
#include "schema/schema.h"

namespace parley::dialect {

struct TypeWords {
  std::string name;  ///< All words outside parentheses, lower case: `timestamp without time zone`.
  std::vector<int> arguments;        ///< The numbers inside.
  bool has_other_arguments = false;  ///< Something else is inside: enum('a','b').

  int argument(std::size_t position, int otherwise) const {
    return position < arguments.size() ? arguments[position] : otherwise;
  }
};

TypeWords read_type_words(std::string_view text, const SqlStyle& style);

/// `type` with only the fields that its kind has, as far as all engines agree: CHAR is CHAR(1).
schema::Type tidy_type(const schema::Type& type);

/// A type that the model has no word for, its text in one spelling.
schema::Type native_type(std::string_view text, const SqlStyle& style);

}  // namespace parley::dialect
