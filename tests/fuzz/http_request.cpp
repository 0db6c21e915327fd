// A request means the same however the network cuts it into pieces.

#include <optional>
#include <vector>

#include "fuzz.h"
#include "http/request_parser.h"

namespace {

using parley::http::Request;
using parley::http::RequestParser;
using Progress = RequestParser::Progress;

constexpr parley::http::RequestLimits kLimits{.body_bytes_max = 4096, .header_bytes_max = 1024};

struct Outcome {
  Progress progress = Progress::NeedsMore;
  int status = 0;  ///< Of the refusal.
  std::size_t consumed = 0;
  std::shared_ptr<Request> request;

  bool is_same_request(const Outcome& other) const {
    return consumed == other.consumed && request->method == other.request->method &&
           request->path == other.request->path && request->query == other.request->query &&
           request->headers == other.request->headers && request->body == other.request->body;
  }
};

/// Feeds pieces whose sizes come from `cuts`, as a connection does: what was not consumed comes
/// again with more behind it.
Outcome read(std::string_view bytes, std::string_view cuts) {
  RequestParser parser(kLimits);
  Outcome outcome{.request = parser.request()};
  for (std::size_t arrived = 0, piece = 0; arrived < bytes.size();) {
    const std::size_t size =
        cuts.empty() ? bytes.size()
                     : 1U + static_cast<std::uint8_t>(cuts[piece++ % cuts.size()]) % 64U;
    arrived = std::min(bytes.size(), arrived + size);
    const auto fed = parser.feed(bytes.substr(outcome.consumed, arrived - outcome.consumed));
    outcome.consumed += fed.consumed;
    outcome.progress = fed.progress;
    parley::fuzz::require(outcome.consumed <= arrived, "no more is consumed than has come");
    if (fed.progress != Progress::NeedsMore) break;
  }
  if (outcome.progress == Progress::Failed) outcome.status = parser.problem().status;
  return outcome;
}

/// Beast sees what is wrong in an incomplete header sooner when it came in one piece, so a refusal
/// may still be out; but nothing is a request for the one and not for the other.
void require_agreement(const Outcome& whole, const Outcome& cut) {
  const auto is = [&](Progress one, Progress other) {
    return whole.progress == one && cut.progress == other;
  };
  const bool is_undecided =
      is(Progress::Failed, Progress::NeedsMore) || is(Progress::NeedsMore, Progress::Failed);
  if (whole.progress != cut.progress && !is_undecided) {
    std::fprintf(stderr, "whole: progress %d, status %d, %zu bytes; in pieces: %d, %d, %zu\n",
                 static_cast<int>(whole.progress), whole.status, whole.consumed,
                 static_cast<int>(cut.progress), cut.status, cut.consumed);
    parley::fuzz::require(false, "pieces are read as the whole is");
  }
  if (is(Progress::Complete, Progress::Complete))
    parley::fuzz::require(whole.is_same_request(cut), "pieces make the same request");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes = parley::fuzz::text_of(data, size);
  const std::size_t cuts = std::min<std::size_t>(parley::fuzz::take_byte(bytes) % 8U, bytes.size());
  const std::string_view pieces = bytes.substr(0, cuts);
  bytes.remove_prefix(cuts);
  const Outcome whole = read(bytes, {});
  require_agreement(whole, read(bytes, pieces));
  if (whole.progress == Progress::Failed)
    parley::fuzz::require(whole.status >= 400 && whole.status < 600, "a refusal has its status");
  return 0;
}
