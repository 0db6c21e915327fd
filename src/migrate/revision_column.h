#pragma once

// How a revision file writes a column: `string(20) null default 'pending'`. One table of type words
// serves both reading and writing. Pure functions.

#include <string>
#include <string_view>

#include "migrate/revision_short_form.h"
#include "schema/schema.h"

namespace parley::migrate {

inline constexpr std::string_view kColumnLooksLike =
    "type [auto_increment] [null] [default true | 0.5 | 'text' | now | (SQL)] [on update now "
    "[by trigger]] [generated as (SQL) [stored]]";

/// Reads type and properties up to the end of `text`, into a column called `name`. Throws
/// Error{InvalidRevisionFile}.
schema::Column read_column(ShortForm& text, std::string name);

/// The type alone, as it stands in a column: `string(20)`.
std::string type_text(const schema::Type& type);

/// Type and properties of `column`, all but its name, collation and comment.
std::string column_text(const schema::Column& column);

}  // namespace parley::migrate
