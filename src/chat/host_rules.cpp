#include "chat/host_rules.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/text.h"

namespace parley::chat {
namespace {

namespace fs = std::filesystem;
using Bytes = std::array<std::uint8_t, 16>;

constexpr std::size_t kHostMax = 253;

/// IPv4 addresses as IPv6 has them inside: mapped (RFC 4291, 2.5.5.2) and translated (RFC 6052).
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<std::uint8_t, 12> kTranslated{0, 0x64, 0xff, 0x9b};
/// fd00:ec2::254, the instance metadata of Amazon.
constexpr Bytes kMetadata6{0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54};
/// The metadata of Alibaba and the host of Azure, which are not link-local.
constexpr auto kMetadata4 = std::to_array<std::uint32_t>({0x646464C8, 0xA83F8110});

bool is_refused4(std::uint32_t address) {
  const bool is_link_local = (address >> 16) == 0xA9FE;  // 169.254.0.0/16
  return is_link_local || std::ranges::find(kMetadata4, address) != kMetadata4.end();
}

bool is_refused6(const Bytes& address) {
  const bool is_link_local = address[0] == 0xfe && (address[1] & 0xc0) == 0x80;  // fe80::/10
  if (is_link_local || address == kMetadata6) return true;
  const auto starts_with = [&](const auto& prefix) {
    return std::equal(prefix.begin(), prefix.end(), address.begin());
  };
  if (!starts_with(kMapped) && !starts_with(kTranslated)) return false;
  std::uint32_t inner = 0;
  for (std::size_t i = 12; i < 16; ++i) inner = inner << 8 | address[i];
  return is_refused4(inner);
}

bool is_refused(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    return is_refused4(ntohl(four.sin_addr.s_addr));
  }
  sockaddr_in6 six{};
  std::memcpy(&six, &address, sizeof six);
  Bytes bytes{};
  std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
  return is_refused6(bytes);
}

/// Names and addresses; not the sockets, lists and options that the libraries would read as well.
bool is_host(const std::string& host) {
  return !host.empty() && host.size() <= kHostMax && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':';
  });
}

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorCode::Forbidden, what); }

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses look_up(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &wanted, &found) != 0) {
    throw Error(ErrorCode::CannotConnect, fmt::format("The host {} is not known", host));
  }
  return {found, &::freeaddrinfo};
}

bool is_inside(const fs::path& file, const std::string& directory) {
  std::error_code problem;
  const fs::path home = fs::canonical(directory, problem);
  if (problem) return false;
  const auto [rest, unused] = std::mismatch(home.begin(), home.end(), file.begin(), file.end());
  return rest == home.end();
}

}  // namespace

std::string address_of(const std::string& host, const std::vector<std::string>& allowed) {
  if (!is_host(host)) refuse("The host of the agent is no name or address");
  const auto is_it = [&](const std::string& one) { return equals_ignoring_case(one, host); };
  if (!allowed.empty() && std::ranges::none_of(allowed, is_it)) {
    refuse(fmt::format("The host {} may not be asked", host));
  }
  const Addresses found = look_up(host);
  for (const addrinfo* one = found.get(); one != nullptr; one = one->ai_next) {
    if (is_refused(*one->ai_addr)) refuse(fmt::format("The host {} may not be asked", host));
  }
  std::array<char, INET6_ADDRSTRLEN + 16> text{};
  if (::getnameinfo(found->ai_addr, found->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
    throw Error(ErrorCode::CannotConnect, fmt::format("The host {} has no address", host));
  }
  return text.data();
}

std::string database_file(const std::string& path, const std::vector<std::string>& directories) {
  std::error_code problem;
  const fs::path file = fs::canonical(path, problem);
  const auto has_it = [&](const std::string& directory) { return is_inside(file, directory); };
  const bool is_file = !problem && fs::is_regular_file(file, problem);
  if (is_file && std::ranges::any_of(directories, has_it)) return file.string();
  refuse("The file of the agent is in none of the directories that may be asked");
}

}  // namespace parley::chat
