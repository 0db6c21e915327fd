#pragma once

// What a caller of the API says about a lead's project, as typed notes of the lead. Pure functions;
// any thread.

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/json.h"

namespace parley::leads {

/// Appends a note for each matter that `project_data` speaks of: survey_responses,
/// services_requested, project_details, location, availability, attachments, budget, timeline.
void add_project_notes(json::array& notes, const JsonObject& project_data, Timestamp now);

/// Appends what the platform said beside that, if anything.
void add_platform_note(json::array& notes, const JsonObject& platform_metadata, Timestamp now);

/// The services that the project asks for, with commas, as many as `characters_max` take; nothing
/// when it names none.
std::optional<std::string> services_in(const JsonObject& project_data, std::size_t characters_max);

}  // namespace parley::leads
