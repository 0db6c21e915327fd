#include "migrate/revision.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <iterator>
#include <span>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace parley::migrate {
namespace {

namespace fs = std::filesystem;

/// Alembic's limit for the words in a file name (`truncate_slug_length`).
constexpr std::size_t kSlugCharactersMax = 40;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// The words of `message` in lower case with `_` between them; whole words only, when there are too
/// many.
std::string slug_of(std::string_view message) {
  std::string slug;
  for (const char c : lower(message)) {
    if (is_letter_or_digit(c)) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '_') {
      slug += '_';
    }
  }
  if (slug.ends_with('_')) slug.pop_back();
  if (slug.size() <= kSlugCharactersMax) return slug;
  const std::size_t end = slug.rfind('_', kSlugCharactersMax);
  return slug.substr(0, end == slug.npos ? kSlugCharactersMax : end);
}

[[noreturn]] void fail_reading(const fs::path& path, const std::string& why) {
  throw Error(ErrorCode::FileSystem, fmt::format("cannot read '{}': {}", path.string(), why),
              "Check the path and its permissions.");
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail_reading(path, std::generic_category().message(errno));
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) fail_reading(path, std::generic_category().message(errno));
  return text;
}

using Paths = std::span<const fs::path>;

std::vector<Revision> parse_files(Paths paths, const std::string& history) {
  std::vector<Revision> revisions;
  revisions.reserve(paths.size());
  for (const fs::path& path : paths) {
    revisions.push_back(parse_revision(read_file(path), path.string()));
    revisions.back().history = history;
  }
  return revisions;
}

/// A long history is parsed by several threads: that is most of what a command does that finds
/// nothing else to do. The first file that is wrong is told of, as if one had read them in order.
std::vector<Revision> parse_files_together(Paths paths, const std::string& history) {
  constexpr std::size_t kFilesPerThread = 50;
  const std::size_t threads = std::min<std::size_t>(
      paths.size() / kFilesPerThread, std::min(std::thread::hardware_concurrency(), 4U));
  if (threads < 2) return parse_files(paths, history);
  std::vector<std::future<std::vector<Revision>>> parts;
  for (std::size_t i = 0; i < threads; ++i) {
    const std::size_t begin = paths.size() * i / threads;
    const Paths part = paths.subspan(begin, paths.size() * (i + 1) / threads - begin);
    parts.push_back(std::async(std::launch::async, parse_files, part, history));
  }
  std::vector<Revision> revisions;
  for (auto& part : parts) std::ranges::move(part.get(), std::back_inserter(revisions));
  return revisions;
}

/// Hidden files are an editor's business, not revisions.
bool is_revision_file(const fs::directory_entry& entry) {
  const std::string extension = entry.path().extension().string();
  return (extension == ".yaml" || extension == ".yml") && entry.is_regular_file() &&
         !entry.path().filename().string().starts_with('.');
}

}  // namespace

std::string file_name_of(const Revision& revision) {
  const std::string slug = slug_of(revision.message);
  const bool id_says_it = slug.empty() || revision.id == slug || revision.id.ends_with("_" + slug);
  return (id_says_it ? revision.id : revision.id + "_" + slug) + ".yaml";
}

std::vector<Revision> read_revisions(const fs::path& directory, const std::string& history) {
  std::error_code failure;
  fs::directory_iterator entries(directory, failure);
  if (failure) fail_reading(directory, failure.message());
  std::vector<fs::path> paths;
  for (const fs::directory_entry& entry : entries) {
    if (is_revision_file(entry)) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return parse_files_together(paths, history);
}

}  // namespace parley::migrate
