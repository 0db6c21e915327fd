#pragma once

// Counts how often each text comes, for a million different ones: the texts lie one behind the
// other, and the table has eight bytes for each slot. One thread.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::outreach {

class Tally {
 public:
  Tally();

  /// Counts the text; its number, from 0 in the order of first use.
  std::uint32_t add(std::string_view text);

  std::size_t size() const { return entries_.size(); }
  std::string_view text(std::uint32_t number) const;
  std::int64_t count(std::uint32_t number) const { return entries_[number].count; }

  using TextCount = std::pair<std::string, std::int64_t>;
  /// Those that came at least `count_min` times, most often first, then by text; at most
  /// `length_max`.
  std::vector<TextCount> most(std::size_t length_max, std::int64_t count_min = 1) const;

 private:
  struct Entry {
    const char* begin;
    std::uint32_t length;
    std::uint32_t count;
  };
  struct Slot {
    std::uint32_t hash;
    std::uint32_t number_plus_one;  ///< 0: free.
  };

  const char* keep(std::string_view text);
  void grow();

  std::vector<Entry> entries_;
  std::vector<Slot> slots_;  ///< A power of two of them, at most two thirds in use.
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;  ///< In the last block…
  std::size_t free_ = 0;  ///< …which has so many bytes left.
};

}  // namespace parley::outreach
