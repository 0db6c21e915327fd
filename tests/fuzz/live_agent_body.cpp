// Any body and any query is either read, or refused with a problem of the caller's making.

#include "base/text.h"
#include "fuzz.h"
#include "http/target.h"
#include "live_agent/requests.h"

namespace {

using parley::http::Request;

using Reader = void (*)(const Request&);
template <auto kRead>
constexpr Reader kReader = [](const Request& request) { kRead(request); };

void read_message(const Request& request) {
  const auto sending = parley::live_agent::read_message_to_send(request);
  parley::fuzz::require(parley::is_storable_text(sending.message.message_text), "a text is text");
  parley::fuzz::require(!parley::trim(sending.message.message_text).empty(), "a text says a thing");
}

namespace la = parley::live_agent;
constexpr Reader kReaders[] = {
    read_message,
    kReader<la::read_new_session>,
    kReader<la::read_session_filter>,
    kReader<la::read_status_change>,
    kReader<la::read_message_list>,
    kReader<la::read_message_window>,
    kReader<la::read_reader>,
    kReader<la::read_presence>,
    kReader<la::read_push_token>,
    kReader<la::read_statistics>,
    kReader<la::read_login>,
    kReader<la::read_own_change>,
    kReader<la::read_agent_change>,
    kReader<la::read_new_agent>,
    kReader<la::read_page>,
    kReader<la::session_id_of>,
};

/// `query` line, then the body.
Request request_of(std::string_view text) {
  const std::string_view query = text.substr(0, text.find('\n'));
  Request request;
  if (!parley::http::read_target("/?" + std::string(query), request)) request.query.clear();
  request.method = "POST";
  request.path_values["id"] = std::string(query);
  request.body = text.substr(std::min(text.size(), query.size() + 1));
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = parley::fuzz::text_of(data, size);
  const Reader read = kReaders[parley::fuzz::take_byte(text) % std::size(kReaders)];
  try {
    read(request_of(text));
  } catch (const parley::http::Problem& problem) {
    parley::fuzz::require(problem.status >= 400 && problem.status < 500, "the caller is told");
  }
  return 0;
}
