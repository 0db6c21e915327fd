#pragma once

// Turns `?` placeholders into PostgreSQL's `$1`, `$2`… Pure.

#include <string>
#include <string_view>

namespace parley::database {

struct NumberedSql {
  std::string sql;
  int parameters = 0;
};

/// Replaces every `?` outside 'strings', E'strings', "identifiers", $tag$quotes$tag$ and comments
/// (PostgreSQL manual, section 4.1). Text that ends inside one of them is left for the server to
/// refuse. The operators that contain a `?` (jsonb) cannot be written; their functions can.
NumberedSql number_placeholders(std::string_view sql);

}  // namespace parley::database
