#include "tools/sandbox/wire/worker.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <sys/socket.h>

namespace connectd::sandbox::wire {
namespace {

using server::runtime::deadline_in;
using server::runtime::use_tuple;

// How long accepting rests when the process has no file descriptor left.
constexpr std::chrono::milliseconds breath{20};
constexpr std::chrono::seconds longest_stop{10};

} // namespace

worker::worker() : group_{context_.get_executor(), "sandbox"} {}

worker::~worker() {
    stop();
}

std::uint16_t worker::bind(std::string const& address, std::uint16_t port, bool shared) {
    using boost::asio::ip::tcp;
    tcp::endpoint const endpoint{boost::asio::ip::make_address(address), port};
    auto& opened = *acceptors_.emplace_back(std::make_unique<acceptor>(context_.get_executor()));
    opened.open(endpoint.protocol());
    opened.set_option(tcp::acceptor::reuse_address{true});
    if (shared) {
        int const on = 1;
        if (::setsockopt(opened.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
            throw boost::system::system_error{errno, boost::system::system_category(), "SO_REUSEPORT"};
    }
    opened.bind(endpoint);
    opened.listen(tcp::acceptor::max_listen_connections);
    return opened.local_endpoint().port();
}

void worker::serve(std::size_t socket, service const& shared) {
    group_.spawn("accept", accept(*acceptors_.at(socket), shared));
}

void worker::start() {
    thread_ = std::thread{[this] { context_.run(); }};
}

task<void> worker::accept(acceptor& listening, service const& shared) {
    while (!stopping_) {
        auto [error, socket] = co_await listening.async_accept(use_tuple);
        if (stopping_ || error == boost::asio::error::operation_aborted)
            break;
        if (error) {
            server::runtime::timer rest{context_.get_executor(), deadline_in(breath)};
            co_await rest.async_wait(use_tuple);
            continue;
        }
        group_.spawn("connection", run(std::move(socket), shared));
    }
}

task<void> worker::run(tcp_socket socket, service const& shared) {
    connection served{std::move(socket), shared};
    connections_.insert(&served);
    co_await served.serve();
    connections_.erase(&served);
}

void worker::close_all() {
    stopping_ = true;
    group_.close();
    for (auto const& each : acceptors_) {
        boost::system::error_code ignored; // closing is all that is left to do
        each->close(ignored);
    }
    for (auto* const each : connections_)
        each->close();
    group_.cancel();
}

void worker::stop() {
    if (!thread_.joinable())
        return;
    boost::asio::post(context_, [this] { close_all(); });
    group_.join_blocking(deadline_in(longest_stop));
    context_.stop();
    thread_.join();
}

void worker::look_again() {
    boost::asio::post(context_, [this] {
        for (auto* const each : connections_)
            each->look_again();
    });
}

} // namespace connectd::sandbox::wire
