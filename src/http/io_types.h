#pragma once

// Asio's types with the concrete executor: `any_io_executor`, the default, costs an indirect call
// and an allocation in every operation. Only for the files of this folder that touch the network.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace parley::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorOfIo = boost::system::error_code;
using Executor = asio::io_context::executor_type;
using SteadyClock = std::chrono::steady_clock;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, Executor>;
template <class T>
using Awaitable = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> kAwait;

}  // namespace parley::http
