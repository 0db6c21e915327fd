#include "migrate/namespace_copy.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/error.h"
#include "database/online_copy.h"

namespace parley::migrate {

NamespaceCopy::Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "parley-copy-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} cannot be made", name),
                "Name another directory for temporary files in TMPDIR.");
  }
  path_ = name;
}

NamespaceCopy::Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

NamespaceCopy::NamespaceCopy(Deployment& original, const ExecuteOptions& options) {
  if (!can_be_backed_up(original.connection())) {
    throw Error(ErrorCode::InvalidArgument, "A database in memory cannot be copied",
                "It is empty each time it is opened: there is nothing to lose in it.");
  }
  const bool is_file = database::is_copyable(original.connection().url());
  if (!is_file) {
    // First, so that a missing privilege shows before anything is read.
    auto attempt = dialect::open_scratch(original.connection(), dialect::ScratchPlace::Database);
    if (!attempt.scratch) {
      throw Error(ErrorCode::PermissionDenied,
                  "There is no place for a copy of the database: " + attempt.why_not,
                  "Use a login that may create databases.");
    }
    scratch_ = std::move(attempt.scratch);
  }
  const auto file = back_up(original, {.file = folder_.path() / "copy",
                                       .tool_version = options.tool_version,
                                       .on_progress = options.on_progress})
                        .file;
  is_file ? open_file(original, file) : fill_scratch(original, file, options);
}

NamespaceCopy::~NamespaceCopy() = default;

/// A schema lock that somebody holds on the original is not held on the copy.
void NamespaceCopy::open_file(const Deployment& original, const std::filesystem::path& file) {
  kind_ = "a copy of the file";
  connection_ = database::open(database::Url::sqlite_file(file), database::Open::Existing);
  deployment_ = std::make_unique<Deployment>(*connection_, original.definition(), original.clock());
  if (deployment_->journal().lock_owner()) deployment_->journal().clear_lock_owner();
}

void NamespaceCopy::fill_scratch(const Deployment& original, const std::filesystem::path& file,
                                 const ExecuteOptions& options) {
  kind_ = scratch_->kind();
  deployment_ =
      std::make_unique<Deployment>(scratch_->connection(), original.definition(), original.clock());
  restore(*deployment_, file, {.directory = folder_.path(), .execution = options});
  std::error_code ignored;  // The folder goes in any case; this only makes room earlier.
  std::filesystem::remove(file, ignored);
}

}  // namespace parley::migrate
