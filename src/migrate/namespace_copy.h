#pragma once

// A namespace copied whole, schema, rows and record, into a place of its own that is gone with the
// object: a file in a directory for temporary files, or a database on the same server. What is done
// to the copy never reaches the original, which is only read. One thread.

#include <filesystem>
#include <memory>
#include <string>

#include "dialect/scratch.h"
#include "migrate/backup.h"
#include "migrate/deployment.h"

namespace parley::migrate {

class NamespaceCopy {
 public:
  /// Copies what `original` holds; the definition and clock of `original` must outlive the copy.
  /// Throws Error{PermissionDenied} when the login may not create a database for it,
  /// Error{InvalidArgument} for a database in memory, and what `back_up` and `restore` throw.
  NamespaceCopy(Deployment& original, const ExecuteOptions& options);
  ~NamespaceCopy();
  NamespaceCopy(const NamespaceCopy&) = delete;
  NamespaceCopy& operator=(const NamespaceCopy&) = delete;

  Deployment& deployment() { return *deployment_; }

  /// For people: `a copy of the file`, `a database that is dropped again`.
  const std::string& kind() const { return kind_; }

 private:
  /// A directory that only its owner may enter, removed with the object.
  class Folder {
   public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

   private:
    std::filesystem::path path_;
  };

  void open_file(const Deployment& original, const std::filesystem::path& file);
  void fill_scratch(const Deployment& original, const std::filesystem::path& file,
                    const ExecuteOptions& options);

  Folder folder_;
  std::unique_ptr<dialect::Scratch> scratch_;
  std::unique_ptr<database::Connection> connection_;
  std::unique_ptr<Deployment> deployment_;
  std::string kind_;
};

}  // namespace parley::migrate
