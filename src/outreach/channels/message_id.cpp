#include "outreach/channels/message_id.h"

#include <fmt/format.h>

#include "base/crypto.h"

namespace parley::outreach {

std::string mail_id_of(std::string_view log_id, std::string_view from_address) {
  const std::string_view domain = from_address.substr(from_address.rfind('@') + 1);
  return fmt::format("<{}@{}>", to_hex(sha256(log_id)).substr(0, 32),
                     domain.empty() ? "localhost" : domain);
}

}  // namespace parley::outreach
