#pragma once

// A lock between processes, and between connections of one process, as flock(2) on a file of its
// own. The kernel frees it when the holder dies. The file itself stays: removing it would let a
// third party lock a new file of the same name beside a holder of the old one.

#include <optional>
#include <string>

namespace parley::database {

class FileLock {
 public:
  /// Locks `path`, which is created when missing. Nothing when somebody else holds it. Throws
  /// Error{PermissionDenied} when the file cannot be made.
  static std::optional<FileLock> try_take(const std::string& path);

  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace parley::database
