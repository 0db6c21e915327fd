#pragma once

// A self-signed certificate for `localhost` and its key, made anew for a test.

#include <string>

namespace parley::test {

struct Certificate {
  std::string certificate;  ///< PEM.
  std::string key;          ///< PEM, without a pass phrase.
};

/// Good from now for an hour; a key of its own each time.
Certificate make_certificate();

}  // namespace parley::test
