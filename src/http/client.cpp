#include "http/client.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <set>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "http/client_call.h"

namespace parley::http {
namespace {

void trust(asio::ssl::context& tls, const std::string& authorities_file) {
  ErrorOfIo error;
  tls.load_verify_file(authorities_file, error);
  if (!error) return;
  throw Error(ErrorCode::InvalidConfiguration,
              fmt::format("The certificates to trust in {} cannot be used: {}.", authorities_file,
                          error.message()),
              "Name a PEM file with the certificates of the authorities.");
}

}  // namespace

std::string_view ClientAnswer::header(std::string_view name) const {
  for (const auto& [field, value] : headers) {
    if (equals_ignoring_case(field, name)) return value;
  }
  return {};
}

struct Client::State {
  explicit State(ClientOptions given) : options(std::move(given)) {
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
    tls.set_verify_mode(asio::ssl::verify_peer);
    if (!options.authorities_file.empty()) trust(tls, options.authorities_file);
    thread = std::thread([this] { run(); });
  }

  void run();
  void trust_system();
  void begin(const std::shared_ptr<ClientCall>& call);
  void stop();

  const ClientOptions options;
  asio::ssl::context tls{asio::ssl::context::tls_client};
  asio::io_context context{1};
  asio::executor_work_guard<Executor> work{context.get_executor()};
  std::set<std::shared_ptr<ClientCall>> calls;  ///< Of the client's thread, as are the next.
  bool has_stopped = false;
  bool trusts_system = false;
  std::thread thread;
};

void Client::State::run() {
  while (!context.stopped()) {
    try {
      context.run();
    } catch (const std::exception& error) {
      log::error("The thread of the HTTP client goes on after an error: {}", error.what());
    }
  }
}

/// When the first call needs them: the certificates of the system take some milliseconds to read
/// and most of a megabyte, and many a client never speaks TLS. Should they not be readable, no
/// server is trusted, and the calls say so.
void Client::State::trust_system() {
  if (trusts_system || !options.authorities_file.empty()) return;
  trusts_system = true;
  ErrorOfIo error;
  tls.set_default_verify_paths(error);
  if (error) log::error("The certificates of the system cannot be read: {}", error.message());
}

void Client::State::begin(const std::shared_ptr<ClientCall>& call) {
  if (has_stopped)
    return call->end(call->failure(ErrorCode::Unavailable, "the client has stopped"));
  if (calls.size() >= options.calls_max) {
    return call->end(call->failure(ErrorCode::Unavailable, "too many calls are under way"));
  }
  if (call->has_tls()) trust_system();
  calls.insert(call);
  asio::co_spawn(context, ClientCall::run(call), [this, call](const std::exception_ptr& error) {
    calls.erase(call);
    if (error) std::rethrow_exception(error);
  });
}

void Client::State::stop() {
  has_stopped = true;
  const auto open = calls;
  for (const auto& call : open) {
    call->end(call->failure(ErrorCode::Unavailable, "the client has stopped"));
  }
}

Client::Client(ClientOptions options) : state_(std::make_unique<State>(std::move(options))) {}

Client::~Client() {
  asio::post(state_->context, [&state = *state_] {
    state.stop();
    state.calls.clear();
    state.context.stop();
  });
  state_->thread.join();
}

void Client::send(ClientRequest request, Done done) {
  auto call = std::make_shared<ClientCall>(state_->context, state_->tls, state_->options,
                                           std::move(request), std::move(done));
  asio::post(state_->context, [&state = *state_, call = std::move(call)] { state.begin(call); });
}

ClientOutcome send_and_wait(Client& client, ClientRequest request) {
  const auto outcome = std::make_shared<std::promise<ClientOutcome>>();
  client.send(std::move(request),
              [outcome](ClientOutcome given) { outcome->set_value(std::move(given)); });
  return outcome->get_future().get();
}

void Client::stop() {
  asio::post(state_->context, [&state = *state_] { state.stop(); });
}

}  // namespace parley::http
