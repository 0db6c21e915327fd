#include "http/fake_provider.h"

#include <fmt/format.h>

namespace parley::test {

FakeProvider::FakeProvider() : server_({.port = 0, .threads = 1}, filled()) { server_.start(); }

FakeProvider::~FakeProvider() { server_.stop(); }

std::string FakeProvider::url() const { return fmt::format("http://127.0.0.1:{}", server_.port()); }

void FakeProvider::answer(Answer answer) {
  const std::scoped_lock lock(mutex_);
  answer_ = std::move(answer);
}

void FakeProvider::answer(int status, const Json& body) {
  answer([status, body](const http::Request&) { return http::Response::json(status, body); });
}

std::vector<http::Request> FakeProvider::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

http::Response FakeProvider::take(const http::Request& request) {
  const std::scoped_lock lock(mutex_);
  requests_.push_back(request);
  if (answer_) return answer_(request);
  return http::Response::json(200, JsonObject{{"id", fmt::format("gw-{}", requests_.size())}});
}

http::Router& FakeProvider::filled() {
  const auto handler = [this](std::shared_ptr<http::Request> request,
                              const http::Responder& respond) { respond(take(*request)); };
  router_.add_group("/", {{"POST", "/{a}", handler, {}},
                          {"POST", "/{a}/{b}", handler, {}},
                          {"POST", "/{a}/{b}/{c}", handler, {}}});
  return router_;
}

}  // namespace parley::test
