#pragma once

// A run of messages from the command line: a session is begun, its messages are queued, and they
// are sent by this process, as a server would; a server that runs on the same data helps. One
// thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "app/configuration.h"
#include "base/clock.h"
#include "outreach/template.h"
#include "outreach/vocabulary.h"

namespace parley::app {

class OutreachRun {
 public:
  struct Wanted {
    std::string user_id;
    outreach::Channel channel = outreach::Channel::Email;
    std::optional<std::string> via;  ///< The configured channel.
    outreach::MessageTemplate message;
  };

  /// Opens the namespace, brought up to date. Throws Error{InvalidConfiguration},
  /// {InvalidArgument} when there is no such channel, and what opening throws.
  OutreachRun(const Configuration& configuration, const Clock& clock, Wanted wanted);
  ~OutreachRun();
  OutreachRun(const OutreachRun&) = delete;
  OutreachRun& operator=(const OutreachRun&) = delete;

  /// The configured channel that sends.
  std::string channel() const;

  enum class Purpose { Send, OnlyLog };

  /// Queues messages for these, or only logs them as pending, in one transaction, in the session
  /// that the first call begins.
  void add(std::span<const outreach::TemplateRecipient> recipients, Purpose purpose);

  /// Empty before the first `add`.
  const std::string& session_id() const;

  /// Sends some of what is due through the channel; false when nothing is due now.
  bool send_some();

  struct Figures {
    std::int64_t sent = 0;
    std::int64_t failed = 0;
    std::int64_t waiting = 0;  ///< For a quota, another try, or a worker.
    std::int64_t unknown = 0;  ///< Nobody knows whether they went out.
  };
  Figures figures();

  /// Ends the session. Messages that wait are sent all the same.
  void end_session();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace parley::app
