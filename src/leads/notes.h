#pragma once

// The notes of a lead, a JSON list in its row: `{id, type, content, timestamp, author}`, and `data`
// where a note holds more than its text. What a platform or a caller said about the project is kept
// in typed notes, from which the variables of templates come. Pure functions; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "leads/tables.h"

namespace parley::leads {

/// The note of a lead that came from the platform; its `data` is the project as received.
inline constexpr std::string_view kPlatformNote = "yelp_creation";

struct NewNote {
  std::string type = "note";
  std::string content;
  std::string author = "User";
  std::optional<Json> data;
};

/// The note as it is stored. Its id is one more than the highest of `notes`.
JsonObject make_note(const json::array& notes, const NewNote& note, Timestamp now);

/// What the typed notes of the lead say about its project, one field per matter: the platform's
/// project object, and under its type the data of every other typed note.
JsonObject project_of(const LeadRow& lead);

}  // namespace parley::leads
