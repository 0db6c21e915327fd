#include "http/request_ids.h"

#include <fmt/format.h>

#include "base/ids.h"

namespace parley::http {
namespace {

constexpr std::size_t kVersionAt = 14;
constexpr std::size_t kCountAt = 20;  ///< Behind the digit that holds the variant.

}  // namespace

RequestIds::RequestIds() : prefix_(make_uuid().substr(0, kCountAt)) { prefix_[kVersionAt] = '8'; }

std::string RequestIds::next() {
  const std::uint64_t count = count_++;
  return fmt::format("{}{:03x}-{:012x}", prefix_, (count >> 48) & 0xFFF, count & 0xFFFF'FFFF'FFFF);
}

}  // namespace parley::http
