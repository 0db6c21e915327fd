#include "app/http_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <thread>

#include "base/error.h"

namespace parley::app {
namespace {

constexpr std::int64_t kDaySeconds = 24 * 60 * 60;
constexpr std::int64_t kBodyBytesMax = std::int64_t{1} << 30;
constexpr std::int64_t kHeaderBytesMax = 1 << 20;
constexpr std::int64_t kConnectionsMax = 1'000'000;
/// The pages of every origin may ask embedded agents (docs/guide/chat.md).
constexpr std::string_view kEmbedPrefix = "/embed/";

/// `127.0.0.1:8000`, `[::1]:8000` or `:8000`.
void read_listen(const std::string& listen, http::ServerOptions& options) {
  const std::size_t colon = listen.rfind(':');
  const char* end = listen.data() + listen.size();
  const char* digits = colon == std::string::npos ? end : listen.data() + colon + 1;
  const auto [rest, problem] = std::from_chars(digits, end, options.port);
  if (problem != std::errc() || rest != end || digits == end) {
    throw Error(ErrorCode::InvalidConfiguration,
                fmt::format("'{}' is no address to listen on", listen),
                "Write ADDR:PORT, for example --listen 127.0.0.1:8000.");
  }
  std::string address = listen.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  if (!address.empty()) options.address = address;
}

void read_limits(const Configuration& configuration, http::ServerOptions& options) {
  const auto size = [&](std::string_view setting, std::int64_t min, std::int64_t max) {
    return static_cast<std::size_t>(configuration.number(setting, min, max));
  };
  const auto seconds = [&](std::string_view setting) {
    return std::chrono::seconds(configuration.number(setting, 1, kDaySeconds));
  };
  options.body_bytes_max = size("limits.body_bytes", 1, kBodyBytesMax);
  options.header_bytes_max = size("limits.header_bytes", 1024, kHeaderBytesMax);
  options.connections_max = size("limits.connections", 1, kConnectionsMax);
  options.connections_per_address_max = size("limits.connections_per_address", 0, kConnectionsMax);
  options.idle_timeout = seconds("limits.idle_seconds");
  options.request_timeout = seconds("limits.request_seconds");
}

}  // namespace

http::ServerOptions http_settings(const Configuration& configuration) {
  http::ServerOptions options;
  read_listen(configuration.text("listen"), options);
  options.threads = static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 4U));
  read_limits(configuration, options);
  options.tls_certificate = configuration.text("tls.certificate");
  options.tls_key = configuration.text("tls.key");
  options.cors = http::Cors(configuration.text("cors.origins"), {std::string(kEmbedPrefix)});
  options.logs_access = configuration.truth("log.access");
  return options;
}

bool listens_on_loopback(const Configuration& configuration) {
  const std::string listen = configuration.text("listen");
  return listen.starts_with("127.") || listen.starts_with("localhost:") ||
         listen.starts_with("[::1]:");
}

}  // namespace parley::app
