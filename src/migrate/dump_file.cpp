#include "migrate/dump_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/crypto.h"
#include "base/error.h"
#include "base/ids.h"

namespace parley::migrate {
namespace {

constexpr std::size_t kBufferSize = 1 << 20;

[[noreturn]] void fail_to_write(const std::filesystem::path& file, int reason) {
  const ErrorCode code = reason == ENOSPC || reason == EDQUOT || reason == EFBIG
                             ? ErrorCode::DiskFull
                             : ErrorCode::FileSystem;
  throw Error(code,
              fmt::format("{} cannot be written: {}", file.string(),
                          std::generic_category().message(reason)),
              "Make room there, or choose another place with --output FILE. Nothing was changed.");
}

/// A file's name is safe on disk only when its directory is.
void flush_directory(const std::filesystem::path& file) {
  const auto directory = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

void RowSum::add(std::string_view line) {
  const std::string digest = sha256(line);
  for (std::size_t i = 0; i < words_.size(); ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, digest.data() + i * sizeof word, sizeof word);
    words_[i] += word;
  }
  ++rows_;
}

std::string RowSum::text() const {
  return fmt::format("{:016x}{:016x}{:016x}{:016x}", words_[0], words_[1], words_[2], words_[3]);
}

FileWriter::FileWriter(std::filesystem::path file)
    : file_(std::move(file)), part_(file_.string() + ".part-" + random_hex(4)) {
  if (std::filesystem::exists(file_)) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} exists already", file_.string()),
                "Choose another name with --output FILE.");
  }
  descriptor_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor_ < 0) fail_to_write(part_, errno);
}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!is_finished_) ::unlink(part_.c_str());
}

void FileWriter::write_line(std::string_view line) {
  buffer_ += line;
  buffer_ += '\n';
  if (buffer_.size() >= kBufferSize) flush();
}

void FileWriter::flush() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_to_write(file_, errno);
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

void FileWriter::finish() {
  flush();
  if (::fsync(descriptor_) != 0) fail_to_write(file_, errno);
  if (::rename(part_.c_str(), file_.c_str()) != 0) fail_to_write(file_, errno);
  is_finished_ = true;
  flush_directory(file_);
}

DumpReader::DumpReader(const std::filesystem::path& file) : file_(file), stream_(file) {
  if (!stream_) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} cannot be read", file.string()),
                "Correct the name of the backup.");
  }
  const auto first = next();
  if (!first || !first->starts_with("{\"parley_backup\"")) refuse("this is no backup of Parley");
  header_ = parse_json(*first).as_object();
  if (header_.at("parley_backup").as_int64() != kDumpVersion) refuse("a newer Parley has written it");
  require_end();
}

/// Looked at before anything is done: a file that was cut short is found out now.
void DumpReader::require_end() const {
  std::ifstream stream(file_, std::ios::ate);
  const auto size = static_cast<std::int64_t>(stream.tellg());
  const std::int64_t start = std::max<std::int64_t>(0, size - 200);
  stream.seekg(start);
  std::string tail(static_cast<std::size_t>(size - start), '\0');
  stream.read(tail.data(), static_cast<std::streamsize>(tail.size()));
  const std::size_t last = tail.rfind("\n{\"end_of_backup\"");
  if (last == std::string::npos || !tail.ends_with("}\n")) {
    throw Error(ErrorCode::InvalidArgument,
                fmt::format("{} is cut short: its last line is missing", file_.string()),
                "Use another backup. Nothing was changed.");
  }
}

std::optional<std::string> DumpReader::next() {
  std::string line;
  if (!std::getline(stream_, line)) return std::nullopt;
  ++line_;
  return line;
}

void DumpReader::refuse(const std::string& what) const {
  throw Error(ErrorCode::InvalidArgument, fmt::format("{}:{}: {}", file_.string(), line_, what),
              "Use another backup.");
}

}  // namespace parley::migrate
