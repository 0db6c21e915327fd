// parley db init: the folder in which a project keeps its revisions.

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "cli/output.h"
#include "cli/verb.h"

namespace parley::cli {
namespace {

struct InitOptions : DbOptions {
  std::string folder;
};

constexpr const char* kReadme = R"(# Revisions

Every file here is one step in the history of this database's schema: a list of changes, written as
data and valid for SQLite, PostgreSQL, MySQL and MariaDB. They are applied in the order that
`down_revision` gives.

    parley db revision -m "create users" --dir {0}    a new file, to be filled in
    parley db upgrade --url URL --dir {0}             apply what is missing
    parley db history --dir {0}                       list them
    parley db downgrade -1 --url URL --dir {0}        undo the newest

A revision is not edited any more once it is applied somewhere: write a new one instead.
)";

constexpr const char* kNextSteps = R"(Created {0} for the revisions of your database.

Next:
  1. parley db revision -m "create users" --dir {0}
     writes a file; list the changes in it:

       upgrade:
         - create_table: users
           columns:
             - id: integer auto_increment
             - email: string(255)
           primary_key: [id]

  2. parley db upgrade --url {1} --dir {0}
     applies it. The URL may also be in PARLEY_DATABASE or DATABASE_URL.
)";

std::filesystem::path folder_of(const InitOptions& options) {
  if (!options.folder.empty()) return options.folder;
  return options.directory.empty() ? "migrations" : options.directory;
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  if (std::filesystem::exists(folder, failure) && !std::filesystem::is_empty(folder, failure)) {
    throw Error(ErrorCode::RefusedForSafety,
                fmt::format("Directory {} already exists and is not empty", folder.string()),
                "Use it as it is, or name another folder.");
  }
  std::filesystem::create_directories(folder, failure);
  if (failure) {
    throw Error(ErrorCode::FileSystem,
                fmt::format("{} cannot be created: {}", folder.string(), failure.message()));
  }
}

/// A URL with an account in it is not repeated: it may hold a password.
std::string shown_url(const InitOptions& options) {
  const bool has_account = options.url.find('@') != std::string::npos;
  return options.url.empty() || has_account ? "URL" : options.url;
}

ExitCode init(const InitOptions& options) {
  const auto folder = folder_of(options);
  make_folder(folder);
  const auto readme = folder / "README.md";
  std::ofstream stream(readme);
  stream << fmt::format(kReadme, folder.string());
  stream.close();
  if (!stream) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} cannot be written", readme.string()));
  }
  Output output(options);
  output.text(fmt::format(kNextSteps, folder.string(), shown_url(options)));
  output.document() = {{"directory", folder.string()}, {"file", readme.string()}};
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_init(VerbGroup& db) {
  auto [verb, options] =
      db.verb<InitOptions>("init", "Make the folder for a project's revisions", init);
  verb.optional_argument("directory", options.folder, "The folder (default ./migrations)");
  verb.example("parley db init --url postgresql://localhost/shop --dir migrations");
}

}  // namespace parley::cli
