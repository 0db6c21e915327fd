#pragma once

// One request read from bytes, on Beast's parser: its callbacks fill a `Request` directly, without
// a second list of fields. Knows the limits and what must be refused; knows no socket. One thread;
// one parser for one request.

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace parley::http {

class Router;

struct RequestLimits {
  std::size_t body_bytes_max;  ///< Where the route does not say otherwise.
  /// Of request line, header fields, chunk extensions and trailer fields together.
  std::size_t header_bytes_max;
  const Router* router = nullptr;  ///< Whose routes may say otherwise; null: none.
};

class RequestParser : private boost::beast::http::basic_parser<true> {
 public:
  enum class Progress {
    NeedsMore,  ///< Call `feed` again with what was not consumed and more behind it.
    Complete,   ///< `request()` is whole; what was not consumed belongs to the next one.
    Failed,     ///< `problem()` says why. The connection cannot be used any more.
  };
  struct Fed {
    Progress progress;
    std::size_t consumed;
  };

  explicit RequestParser(const RequestLimits& limits);

  /// Takes in as much of `bytes` as can be understood. Requires: neither Complete nor Failed
  /// before.
  Fed feed(std::string_view bytes);

  /// What has been read; after Failed perhaps only method and path, or nothing.
  const std::shared_ptr<Request>& request() const { return request_; }

  /// Requires: Failed.
  const Problem& problem() const { return *problem_; }

  /// The target as it was sent.
  const std::string& target() const { return target_; }

  bool has_begun() const { return has_begun_; }

  /// True once when the client waits for `100 Continue` before it sends the body.
  bool takes_continue_request();

  /// True when the client can send another request on this connection: HTTP/1.1 without
  /// `Connection: close`.
  bool keeps_connection() const;

  bool is_http_1_1() const { return is_http_1_1_; }

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;
  using Field = boost::beast::http::field;

  void on_request_impl(boost::beast::http::verb, string_view method, string_view target,
                       int version, error_code& error) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(Field field, string_view name, string_view value, error_code& error) override;
  void on_header_impl(error_code& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override;
  std::size_t on_body_impl(string_view bytes, error_code& error) override;
  void on_chunk_header_impl(std::uint64_t, string_view extensions, error_code& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code& error) override;
  void on_finish_impl(error_code&) override {}

  void limit_body(error_code& error);
  void refuse(Problem problem, error_code& error);
  void count_header_bytes(std::size_t bytes, error_code& error);
  Problem problem_of_parser(const error_code& cause, std::string_view unread) const;

  RequestLimits limits_;
  std::shared_ptr<Request> request_ = std::make_shared<Request>();
  std::optional<Problem> problem_;
  std::string target_;
  std::size_t header_bytes_ = 0;
  int hosts_ = 0;
  bool has_begun_ = false;
  bool is_http_1_1_ = false;
  bool is_header_read_ = false;
  bool expects_continue_ = false;
};

}  // namespace parley::http
