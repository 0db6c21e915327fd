#pragma once

// Who carries messages away, one interface for every kind: a server for e-mail, the API of a
// provider, files. A carrier knows nothing of the database; what it tells of an attempt decides
// what becomes of the message (see send_queue.h).

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "outreach/template.h"

namespace parley::outreach {

/// One message to one recipient, ready to be sent.
struct OutgoingMessage {
  std::string log_id;
  std::string template_id;
  std::string template_name;
  TemplateRecipient recipient;
  RenderedMessage text;
};

/// The provider took it.
struct Accepted {
  std::string message_id;  ///< Its id at the provider; empty when it told none.
};

/// It was not taken.
struct Refused {
  enum class Kind {
    Transient,  ///< Another time it may be.
    Permanent,  ///< It never will.
  } kind = Kind::Transient;
  std::string reason;  ///< The provider's text, for people.
  std::string code;    ///< The provider's code; may be empty.
};

/// Nobody knows whether it was taken: the answer never came.
struct Unknown {
  std::string reason;
};

using SendOutcome = std::variant<Accepted, Refused, Unknown>;

class Carrier {
 public:
  virtual ~Carrier() = default;

  /// The id that the message will have at the provider, where that is ours to choose, the same
  /// each time; nothing where it is the provider's.
  virtual std::optional<std::string> message_id_of(const OutgoingMessage&) const {
    return std::nullopt;
  }

  /// True when a message whose outcome is unknown may be sent again, because it cannot arrive
  /// twice.
  virtual bool may_repeat() const = 0;

  /// Makes one attempt, within the time-out. Any thread, several at once. Throws nothing
  /// that an attempt can cause.
  virtual SendOutcome send(const OutgoingMessage& message) = 0;

  /// Attempts that have not yet begun to hand over their message end soon; those that have go on.
  virtual void stop() {}
};

/// The text of a provider, shortened to what is worth keeping.
std::string shortened_reason(std::string_view text);

}  // namespace parley::outreach
