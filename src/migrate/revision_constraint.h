#pragma once

// How a revision file writes keys, constraints and indexes, alone and in their table:
//   idx_open on sessions (status, created_at desc) where closed_at is null
//   ux_email on users using btree (lower(email)) include (name)
//   fk_session on messages (session_id) -> sessions(id) on delete cascade
// `name on table` is the subject of a change; `table` alone means that the engine chooses the name.
// Pure functions; all that read throw Error{InvalidRevisionFile}.

#include <string>
#include <string_view>
#include <vector>

#include "migrate/revision_short_form.h"
#include "schema/schema.h"

namespace parley::migrate {

/// What a change of a constraint or an index is about.
struct Subject {
  std::string name;  ///< Empty: none is given.
  std::string table;
};

Subject read_subject(ShortForm& text);
std::string subject_text(std::string_view name, std::string_view table);

inline constexpr std::string_view kIndexPartsLookLike =
    "[using method] (column desc, column(20), lower(column), (SQL)) [include (column)] [where SQL]";

/// `using gin (status, created_at desc) where …`, up to the end.
void read_index_definition(ShortForm& text, schema::Index& index);
std::string index_definition_text(const schema::Index& index);

/// `-> sessions(id) on delete cascade deferrable`, up to the end.
void read_reference(ShortForm& text, schema::ForeignKey& foreign_key);
std::string reference_text(const schema::ForeignKey& foreign_key);

}  // namespace parley::migrate
