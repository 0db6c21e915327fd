#include "migrate/drift_decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "base/text.h"
#include "migrate/diff.h"
#include "migrate/scratch.h"

namespace parley::migrate {
namespace {

constexpr std::string_view kHeading =
    "# Differences that verify and repair leave alone: the object as verify names it, a colon, and "
    "why.\n";
constexpr std::string_view kSeparator = ": ";

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string line_of(const schema::KnownNote& note) {
  return fmt::format("{}{}{}", note.object, kSeparator, note.reason);
}

bool contains(std::span<const std::string> list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

}  // namespace

std::vector<schema::KnownNote> read_ignored_drift(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kIgnoredDriftFile;
  std::vector<schema::KnownNote> notes;
  int number = 0;
  for (const std::string& line : lines_of(file)) {
    ++number;
    const std::string_view text = trim(line);
    if (text.empty() || text.starts_with('#')) continue;
    const std::size_t end = text.find(kSeparator);
    if (end == std::string_view::npos) {
      throw Error(ErrorCode::InvalidRevisionFile,
                  fmt::format("{}:{}: there is no reason behind '{}'", file.string(), number, text),
                  "Write: object, a colon, a blank, and why the difference may stay.");
    }
    notes.push_back({std::string(text.substr(0, end)),
                     std::string(trim(text.substr(end + kSeparator.size())))});
  }
  return notes;
}

void write_ignored_drift(const std::filesystem::path& folder, const schema::KnownNote& note) {
  if (trim(note.reason).empty() || note.reason.find('\n') != std::string::npos) {
    throw Error(ErrorCode::InvalidArgument,
                "A difference is ignored for a reason, told in one line",
                "Give it with --reason TEXT.");
  }
  const std::filesystem::path file = folder / kIgnoredDriftFile;
  auto lines = lines_of(file);
  std::erase_if(lines, [&](const std::string& line) {
    return line.starts_with(note.object + std::string(kSeparator));
  });
  std::ofstream stream(file);
  if (lines.empty()) stream << kHeading;
  for (const std::string& line : lines) stream << line << '\n';
  stream << line_of(note) << '\n';
  stream.close();
  if (!stream) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} cannot be written", file.string()),
                "Choose another folder with --dir.");
  }
}

void note_ignored(DriftReport& report, std::span<const schema::KnownNote> ignored) {
  for (Difference& difference : report.differences) {
    const auto note = std::ranges::find(ignored, difference.object, &schema::KnownNote::object);
    if (note == ignored.end()) continue;
    difference.level = Level::Note;
    difference.reason = "ignored: " + note->reason;
    difference.fix.reset();
  }
  std::ranges::stable_sort(report.differences, {}, &Difference::level);
}

void require_differences(const DriftReport& report, std::span<const std::string> objects) {
  std::vector<std::string> known;
  for (const Difference& difference : report.differences) known.push_back(difference.object);
  for (const std::string& object : objects) {
    if (contains(known, object)) continue;
    const std::string near = nearest(object, known);
    throw Error(ErrorCode::InvalidArgument,
                fmt::format("No difference is called '{}'{}", object,
                            near.empty() ? "" : fmt::format("; did you mean '{}'?", near)),
                "`parley db verify --json` gives their names as `object`: orders.note, index ix_a "
                "on orders.");
  }
}

DriftEnds drift_ends(const Deployment& deployment, const State& state) {
  DriftEnds ends{.live = deployment.live()};
  ends.recorded = settle(deployment.connection(), ends.live, deployment.recorded(state));
  return ends;
}

std::vector<schema::Change> changes_of_drift(const Deployment& deployment, const DriftEnds& ends,
                                             const Renames& renames,
                                             std::span<const std::string> objects) {
  const auto& ignored = deployment.definition().ignored;
  std::vector<schema::Change> chosen;
  for (const schema::Change& change : diff(ends.recorded, ends.live, renames)) {
    const std::string object = object_of(change, ends.recorded, ends.live, deployment.dialect());
    const bool is_ignored =
        std::ranges::find(ignored, object, &schema::KnownNote::object) != ignored.end();
    if (objects.empty() ? !is_ignored : contains(objects, object)) chosen.push_back(change);
  }
  return chosen;
}

}  // namespace parley::migrate
