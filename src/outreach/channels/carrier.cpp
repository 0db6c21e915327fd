#include "outreach/channels/carrier.h"

#include "base/overloaded.h"
#include "base/text.h"
#include "outreach/channels/file_sink.h"
#include "outreach/channels/http_carrier.h"
#include "outreach/channels/settings.h"
#include "outreach/channels/smtp.h"

namespace parley::outreach {

std::string shortened_reason(std::string_view text) {
  constexpr std::size_t kReasonCharactersMax = 1000;
  // What a server says need not be text that a database can keep.
  if (is_storable_text(text))
    return std::string(first_code_points(trim(text), kReasonCharactersMax));
  std::string readable;
  for (const char c : text.substr(0, kReasonCharactersMax))
    readable += (c >= 0x20 && c < 0x7f) || c == '\n' ? c : '?';
  return readable;
}

std::unique_ptr<Carrier> open_carrier(const ChannelSettings& settings, const Clock& clock) {
  return std::visit(
      overloaded{
          [&](const FileSettings& kind) { return open_file_sink(kind, settings.carries, clock); },
          [&](const SmtpSettings& kind) { return open_smtp(kind, settings.timeout, clock); },
          [&](const WhatsappCloudSettings& kind) {
            return open_whatsapp_cloud(kind, settings.timeout);
          },
          [&](const HttpGatewaySettings& kind) {
            return open_http_gateway(kind, settings.timeout);
          }},
      settings.kind);
}

}  // namespace parley::outreach
