#include "outreach/tally.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace parley::outreach {
namespace {

constexpr std::size_t kSlotsMin = 64;
constexpr std::size_t kBlockBytes = 256 << 10;

std::uint32_t hash_of(std::string_view text) {
  const std::uint64_t hash = std::hash<std::string_view>()(text);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

}  // namespace

Tally::Tally() : slots_(kSlotsMin) {}

std::string_view Tally::text(std::uint32_t number) const {
  return {entries_[number].begin, entries_[number].length};
}

std::uint32_t Tally::add(std::string_view text) {
  const std::uint32_t hash = hash_of(text);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].number_plus_one != 0; at = (at + 1) & mask) {
    const std::uint32_t number = slots_[at].number_plus_one - 1;
    if (slots_[at].hash == hash && this->text(number) == text) {
      ++entries_[number].count;
      return number;
    }
  }
  slots_[at] = {hash, static_cast<std::uint32_t>(entries_.size() + 1)};
  entries_.push_back({keep(text), static_cast<std::uint32_t>(text.size()), 1});
  if (entries_.size() * 3 > slots_.size() * 2) grow();
  return static_cast<std::uint32_t>(entries_.size() - 1);
}

const char* Tally::keep(std::string_view text) {
  if (text.size() > free_) {
    free_ = std::max(kBlockBytes, text.size());
    blocks_.push_back(std::make_unique<char[]>(free_));
    next_ = blocks_.back().get();
  }
  if (!text.empty()) std::memcpy(next_, text.data(), text.size());
  free_ -= text.size();
  return std::exchange(next_, next_ + text.size());
}

void Tally::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  const std::size_t mask = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.number_plus_one == 0) continue;
    std::size_t at = slot.hash & mask;
    while (larger[at].number_plus_one != 0) at = (at + 1) & mask;
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

std::vector<Tally::TextCount> Tally::most(std::size_t length_max, std::int64_t count_min) const {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t number = 0; number < entries_.size(); ++number) {
    if (count(number) >= count_min) numbers.push_back(number);
  }
  const auto is_before = [&](std::uint32_t a, std::uint32_t b) {
    if (entries_[a].count != entries_[b].count) return entries_[a].count > entries_[b].count;
    return text(a) < text(b);
  };
  const std::size_t length = std::min(length_max, numbers.size());
  std::partial_sort(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(length),
                    numbers.end(), is_before);
  std::vector<TextCount> most;
  for (std::size_t i = 0; i < length; ++i) {
    most.emplace_back(std::string(text(numbers[i])), count(numbers[i]));
  }
  return most;
}

}  // namespace parley::outreach
