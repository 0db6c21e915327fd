#include "app/data_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "base/error.h"
#include "base/ids.h"
#include "base/text.h"

namespace parley::app {
namespace {

[[noreturn]] void throw_file_error(const std::string& what, int reason) {
  throw Error(ErrorCode::FileSystem,
              fmt::format("{}: {}", what, std::generic_category().message(reason)),
              "Choose another directory with --data, or correct its owner and permissions.");
}

std::string read_secret(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string text;
  if (!(stream >> text))
    throw_file_error(fmt::format("The secret {} cannot be read", file.string()), EIO);
  return text;
}

/// Writes the whole text under another name and links it into place, so that nobody ever reads half
/// a secret.
void write_secret(const std::filesystem::path& file, const std::string& secret) {
  const std::string part = fmt::format("{}.{}", file.string(), random_hex(4));
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) throw_file_error(fmt::format("The secret {} cannot be written", part), errno);
  const std::string line = secret + "\n";
  const bool is_written =
      ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
      ::fsync(descriptor) == 0;
  const int reason = errno;
  ::close(descriptor);
  const bool is_linked = is_written && (::link(part.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const int link_reason = is_written ? errno : reason;
  ::unlink(part.c_str());
  if (!is_linked)
    throw_file_error(fmt::format("The secret {} cannot be written", file.string()), link_reason);
}

}  // namespace

void make_data_directory(const std::filesystem::path& directory) {
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure) {
    throw_file_error(fmt::format("The data directory {} cannot be created", directory.string()),
                     failure.value());
  }
  if (::access(directory.c_str(), W_OK | X_OK) != 0) {
    throw_file_error(fmt::format("The data directory {} cannot be written to", directory.string()),
                     errno);
  }
}

std::string secret_of(const std::filesystem::path& directory, const std::string& name) {
  make_data_directory(directory);
  const auto file = directory / (name + ".secret");
  if (!std::filesystem::exists(file)) write_secret(file, random_hex(32));
  return read_secret(file);
}

}  // namespace parley::app
