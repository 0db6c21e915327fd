#pragma once

// Ids for requests that bring none: UUIDs (RFC 9562 section 5.8) of random bits, drawn once, and a
// count, because drawing random bits for each costs as much as the rest of an answer's head. One
// thread; one object per thread.

#include <cstdint>
#include <string>

namespace parley::http {

class RequestIds {
 public:
  RequestIds();

  /// One that no other object and no earlier call has given. They can be guessed: no secret.
  std::string next();

 private:
  std::string prefix_;
  std::uint64_t count_ = 0;
};

}  // namespace parley::http
