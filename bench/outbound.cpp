// What one outbound request on a kept connection costs.
//
// A server thread on loopback answers every request with the same 489 bytes of JSON. Workloads, each with 1
// and with 64 requests at a time: "pool" is the real client, a POST of a token request with everything it
// does (checks, deadline, look at the idle connection, limits, wiping); "sockets" is the same coroutine code
// with nothing but a write and a read of the same bytes, which is what the kernel and Asio cost by
// themselves. Figures are the processor time of the client's thread a request, user and kernel together,
// median and spread of five runs of 40,000; the last column is requests a second of wall clock, which the
// server and the load of the machine have a part in.
#include "bench/harness.hpp"
#include "platforms/http/pool.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace {

namespace asio = boost::asio;
namespace bench = connectd::bench;
namespace platforms = connectd::platforms;

using asio::ip::tcp;
using platforms::executor;
using platforms::task;
using socket_type = asio::basic_stream_socket<tcp, executor>;
using acceptor_type = asio::basic_socket_acceptor<tcp, executor>;

constexpr auto expected = asio::as_tuple(asio::use_awaitable_t<executor>{});
constexpr unsigned requests_a_run = 40000;
constexpr unsigned runs = 5;

std::string make_answer() {
    std::string const body = "{\"access_token\":\"" + std::string(489 - 19, 'a') + "\"}";
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

platforms::http::request make_request(std::uint16_t port) {
    return {.method = "POST",
            .url = "http://127.0.0.1:" + std::to_string(port) + "/2/oauth2/token",
            .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                        {"Authorization", "Basic " + std::string(80, 'c')}},
            .body = "grant_type=refresh_token&refresh_token=" + std::string(90, 'r')};
}

// Takes every packet for one whole request, which holds for these clients on loopback.
task<void> serve(socket_type socket, std::string const& answer) {
    std::array<char, 4096> input;
    for (;;) {
        auto const [lost, count] = co_await socket.async_read_some(asio::buffer(input), expected);
        if (lost) {
            co_return;
        }
        auto const [failed, sent] = co_await asio::async_write(socket, asio::buffer(answer), expected);
        if (failed) {
            co_return;
        }
    }
}

void ignore(std::exception_ptr) {}

task<void> accept(acceptor_type& acceptor, std::string const& answer) {
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(expected);
        if (error) {
            co_return;
        }
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), answer), ignore);
    }
}

class server {
  public:
    server() : acceptor_(context_.get_executor(), tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
        asio::co_spawn(context_.get_executor(), accept(acceptor_, answer_), ignore);
        thread_ = std::thread([this] { context_.run(); });
    }
    ~server() {
        context_.stop();
        thread_.join();
    }
    server(server const&) = delete;
    server& operator=(server const&) = delete;
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  private:
    asio::io_context context_{1};
    std::string const answer_ = make_answer();
    acceptor_type acceptor_;
    std::thread thread_;
};

task<void> by_pool(platforms::http::client& client, platforms::http::request const& what, unsigned& left) {
    while (left > 0) {
        --left;
        auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        auto const answer = co_await client.send(what, until);
        if (!answer || answer->status != 200) {
            std::printf("a request failed: %s\n", answer ? "status" : answer.error().message().c_str());
            left = 0;
        }
    }
}

task<void> by_sockets(socket_type& socket, std::string const& what, unsigned& left) {
    std::array<char, 4096> input;
    while (left > 0) {
        --left;
        co_await asio::async_write(socket, asio::buffer(what), expected);
        co_await socket.async_read_some(asio::buffer(input), expected);
    }
}

double thread_nanoseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// Runs one worker for each of `width` until all are done, several times; the first run warms up.
void measure(char const* name, unsigned width, asio::io_context& context,
             std::function<task<void>(unsigned index, unsigned& left)> const& worker) {
    std::vector<double> processor;
    std::vector<double> wall;
    for (unsigned run = 0; run <= runs; ++run) {
        unsigned left = requests_a_run;
        unsigned running = width;
        auto const start = std::chrono::steady_clock::now();
        double const used = thread_nanoseconds();
        for (unsigned index = 0; index < width; ++index) {
            asio::co_spawn(context.get_executor(), worker(index, left),
                           [&running](std::exception_ptr) { --running; });
        }
        while (running > 0) {
            context.run_one();
        }
        std::chrono::duration<double, std::nano> const took = std::chrono::steady_clock::now() - start;
        if (run > 0) {
            processor.push_back((thread_nanoseconds() - used) / requests_a_run);
            wall.push_back(took.count() / requests_a_run);
        }
        context.restart();
    }
    bench::spread const figures{std::move(processor)};
    bench::spread const clock{std::move(wall)};
    std::printf("%-8s %3u at a time %8.2f us  [%.2f .. %.2f] %10.0f /s\n", name, width,
                figures.median() / 1e3, figures.low() / 1e3, figures.high() / 1e3, 1e9 / clock.median());
}

void compare(server const& upstream, unsigned width) {
    auto const what = make_request(upstream.port());
    {
        asio::io_context context(1);
        std::vector<std::unique_ptr<socket_type>> sockets;
        for (unsigned index = 0; index < width; ++index) {
            sockets.push_back(std::make_unique<socket_type>(context.get_executor()));
            sockets.back()->connect({asio::ip::address_v4::loopback(), upstream.port()});
            sockets.back()->set_option(tcp::no_delay(true));
        }
        std::string const bytes =
            "POST /2/oauth2/token HTTP/1.1\r\n" + std::string(220, 'h') + "\r\n\r\n" + what.body;
        measure("sockets", width, context,
                [&](unsigned index, unsigned& left) { return by_sockets(*sockets[index], bytes, left); });
    }
    asio::io_context context(1);
    platforms::http::resolver names;
    platforms::http::pool client(context, names);
    measure("pool", width, context, [&](unsigned, unsigned& left) { return by_pool(client, what, left); });
}

} // namespace

int main() {
    server const upstream;
    compare(upstream, 1);
    compare(upstream, 64);
}
