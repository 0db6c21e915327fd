#pragma once

// The two answers to drift other than mending it, in a project of the user's own: a difference is
// what should be, and is written into a new revision; or it is left alone for a reason that stands
// in the project's folder. Differences are named as verify names them. One thread.

#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "migrate/deployment.h"
#include "migrate/renames.h"
#include "migrate/verify.h"
#include "schema/adoption.h"

namespace parley::migrate {

/// The file in a project's folder with a line `object: reason` for each difference that is ignored.
inline constexpr std::string_view kIgnoredDriftFile = "ignored-drift.txt";

/// What the file of `folder` says; nothing when there is none. Throws Error{InvalidRevisionFile}
/// naming the line that has no reason.
std::vector<schema::KnownNote> read_ignored_drift(const std::filesystem::path& folder);

/// Adds a line, or puts another reason in the line of that object. Throws Error{FileSystem}, and
/// Error{InvalidArgument} for a reason that is empty or longer than a line.
void write_ignored_drift(const std::filesystem::path& folder, const schema::KnownNote& note);

/// Makes notes of the differences that are ignored, with the reason.
void note_ignored(DriftReport& report, std::span<const schema::KnownNote> ignored);

/// Throws Error{InvalidArgument}, suggesting the nearest, when `report` has no difference of such a
/// name.
void require_differences(const DriftReport& report, std::span<const std::string> objects);

/// The recorded and the live schema in forms that can be compared.
struct DriftEnds {
  schema::Schema recorded;
  schema::Schema live;
};
DriftEnds drift_ends(const Deployment& deployment, const State& state);

/// The changes that make `ends.live` of what is recorded, with the difference that each answers.
/// Those that are ignored are left out; with `objects`, so are all others.
std::vector<schema::Change> changes_of_drift(const Deployment& deployment, const DriftEnds& ends,
                                             const Renames& renames,
                                             std::span<const std::string> objects);

}  // namespace parley::migrate
