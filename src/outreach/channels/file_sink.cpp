#include "outreach/channels/file_sink.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/crypto.h"
#include "base/error.h"
#include "base/ids.h"
#include "outreach/channels/message_id.h"

namespace parley::outreach {
namespace {

/// A file descriptor that is closed.
class File {
 public:
  explicit File(const std::string& path)
      : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool write(std::string_view text) const {
    while (descriptor_ >= 0 && !text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno != EINTR) return false;
      text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return descriptor_ >= 0 && ::fsync(descriptor_) == 0;
  }

 private:
  const int descriptor_;
};

class FileSink final : public Carrier {
 public:
  FileSink(FileSettings settings, Channel carries, const Clock& clock)
      : settings_(std::move(settings)), carries_(carries), clock_(clock) {}

  std::optional<std::string> message_id_of(const OutgoingMessage& message) const override {
    return mail_id_of(message.log_id, settings_.from.address);
  }
  bool may_repeat() const override { return true; }

  SendOutcome send(const OutgoingMessage& message) override {
    const bool is_mail = carries_ == Channel::Email;
    if (is_mail && !is_mail_address(message.recipient.email)) {
      return Refused{Refused::Kind::Permanent,
                     fmt::format("'{}' is no address for e-mail", message.recipient.email),
                     "invalid_address"};
    }
    const std::string path =
        fmt::format("{}/{}", settings_.directory, file_name_of(message.log_id));
    return store(path + (is_mail ? ".eml" : ".json"), is_mail ? mail_of(message) : json_of(message),
                 message);
  }

 private:
  std::string mail_of(const OutgoingMessage& message) const {
    return mime_text({.from = settings_.from,
                      .to = {.name = message.recipient.name, .address = message.recipient.email},
                      .subject = message.text.subject.value_or(""),
                      .content = message.text.content.value_or(""),
                      .message_id = message_id_of(message).value(),
                      .date = clock_.now()});
  }

  static std::string json_of(const OutgoingMessage& message) {
    return to_text(JsonObject{{"log_id", message.log_id},
                              {"to", message.recipient.phone.value_or("")},
                              {"name", message.recipient.name},
                              {"template", message.template_name},
                              {"content", message.text.whatsapp_content.value_or("")}}) +
           "\n";
  }

  SendOutcome store(const std::string& path, std::string_view text,
                    const OutgoingMessage& message) const {
    const std::string unfinished = fmt::format("{}.{}", path, random_hex(4));
    const bool is_written =
        File(unfinished).write(text) && ::rename(unfinished.c_str(), path.c_str()) == 0;
    if (is_written) return Accepted{message_id_of(message).value()};
    const std::string why = std::strerror(errno);
    ::unlink(unfinished.c_str());
    return Refused{Refused::Kind::Transient, fmt::format("{} cannot be written: {}", path, why),
                   "file_system"};
  }

  const FileSettings settings_;
  const Channel carries_;
  const Clock& clock_;
};

}  // namespace

std::string file_name_of(const std::string& log_id) {
  constexpr std::size_t kNameMax = 180;
  std::string name = log_id.substr(0, kNameMax);
  for (char& c : name) {
    const bool is_safe = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                         (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '@';
    if (!is_safe) c = '-';
  }
  // Two ids that look alike now must not share a file.
  if (name != log_id) name += "." + to_hex(sha256(log_id)).substr(0, 16);
  return name;
}

std::unique_ptr<Carrier> open_file_sink(const FileSettings& settings, Channel carries,
                                        const Clock& clock) {
  std::error_code problem;
  std::filesystem::create_directories(settings.directory, problem);
  if (problem) {
    throw Error(ErrorCode::FileSystem,
                fmt::format("{} cannot be made: {}", settings.directory, problem.message()));
  }
  return std::make_unique<FileSink>(settings, carries, clock);
}

}  // namespace parley::outreach
