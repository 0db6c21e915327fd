#pragma once

// gzip for large answers, on zlib, whose header stays in compression.cpp. One thread per object.

#include <memory>
#include <string>
#include <string_view>

#include "http/message.h"

struct z_stream_s;

namespace parley::http {

/// True when a client that sends this `Accept-Encoding` takes gzip, and likes it no less than plain
/// text (RFC 9110 section 12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

/// A compressor that keeps its memory (about 270 kB from the first use on).
class Gzip {
 public:
  Gzip();
  ~Gzip();
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  std::string compress(std::string_view text);

 private:
  std::unique_ptr<z_stream_s> stream_;
};

/// Compresses the body of `response` when it is text of at least `bytes_min`, nobody has encoded it
/// before, and `request` takes it. `Vary` then tells caches, also when this client got it plain. A
/// strong ETag becomes weak, since it no longer names these bytes; HEAD gets the headers of GET.
void compress_body(Gzip& gzip, const Request& request, Response& response, std::size_t bytes_min);

}  // namespace parley::http
