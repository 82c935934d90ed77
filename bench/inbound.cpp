// What server/http costs per request, against the least a server on Asio can do.
//
// Workload: `GET /v1/things/42` on kept connections, answered with 120 bytes of JSON. `library` is the
// listener with limits, deadlines, request ids and a router of 40 routes; `library+hook` also counts each
// answer. `least` is a coroutine a connection that reads until an empty line and writes a constant, with the
// same header fields and without looking at anything. One server thread each, all in this process, asked in
// turn by wrk (one thread, 64 connections) for five seconds, three rounds; medians. CPU is that of the
// server's thread alone, so that it can be compared on a busy machine.
//
// Needs wrk. Usage: bench_inbound [seconds]
#include "server/http/listener.hpp"
#include "server/http/router.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace http = connectd::server::http;
namespace runtime = connectd::server::runtime;
using asio::ip::tcp;
using socket_type = asio::basic_stream_socket<tcp, runtime::executor>;
using acceptor_type = asio::basic_socket_acceptor<tcp, runtime::executor>;

constexpr int rounds = 3;
constexpr std::string_view body =
    R"({"id":"42","object":"thing","name":"of ordinary size","status":"active",)"
    R"("created_at":"2026-01-01T00:00:00Z","updated_at":null})";

runtime::task<http::response> thing(http::request&) {
    co_return http::response::json_text(200, std::string{body});
}

http::router sample_routes() {
    http::router routes;
    for (int index = 0; index < 39; ++index) {
        routes.add("GET", "/v1/nouns" + std::to_string(index) + "/{id}", thing);
    }
    routes.add("GET", "/v1/things/{id}", thing);
    return routes;
}

// One server on a thread of its own.
class bench_server {
  public:
    bench_server() = default;
    bench_server(bench_server const&) = delete;
    bench_server& operator=(bench_server const&) = delete;
    virtual ~bench_server() = default;

    void run() {
        thread_ = std::thread{[this] { context_.run(); }};
    }

    void end() {
        context_.stop();
        thread_.join();
    }

    double cpu_seconds() {
        std::promise<double> told;
        asio::post(context_, [&told] {
            timespec spent{};
            ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
            told.set_value(static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9);
        });
        return told.get_future().get();
    }

    unsigned port_ = 0;

  protected:
    asio::io_context context_{1};

  private:
    std::thread thread_;
};

class library_server final : public bench_server {
  public:
    explicit library_server(bool hook) {
        http::server_options options;
        if (hook) {
            options.hooks.answered = [this](http::answered const& answer) { bytes_ += answer.bytes_out; };
        }
        listener_ = std::make_unique<http::listener>(context_, routes_, clock_, options,
                                                     std::make_shared<http::connection_budget>(1000));
        port_ = listener_->open({asio::ip::address_v4::loopback(), 0}).value().port();
        listener_->start();
    }

  private:
    http::router routes_ = sample_routes();
    runtime::system_clock clock_;
    std::unique_ptr<http::listener> listener_;
    std::size_t bytes_ = 0;
};

runtime::task<void> least_connection(socket_type socket, std::string const& answer) {
    std::array<char, 1024> received{};
    std::size_t size = 0;
    for (;;) {
        auto [error, read] = co_await socket.async_read_some(
            asio::buffer(received.data() + size, received.size() - size), runtime::use_tuple);
        if (error) {
            co_return;
        }
        size += read;
        if (std::string_view{received.data(), size}.ends_with("\r\n\r\n")) {
            size = 0;
            auto [failed, written] =
                co_await socket.async_write_some(asio::buffer(answer), runtime::use_tuple);
            if (failed || written < answer.size()) {
                co_return;
            }
        }
    }
}

runtime::task<void> accept_least(acceptor_type& acceptor, std::string const& answer) {
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(runtime::use_tuple);
        if (error) {
            co_return;
        }
        socket.set_option(tcp::no_delay{true});
        asio::co_spawn(acceptor.get_executor(), least_connection(std::move(socket), answer),
                       [](std::exception_ptr) {});
    }
}

class least_server final : public bench_server {
  public:
    least_server() {
        answer_ = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n"
                  "Cache-Control: no-store\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nX-Request-Id: "
                  "0123456789abcdef\r\n"
                  "Content-Length: " +
                  std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
        port_ = acceptor_.local_endpoint().port();
        asio::co_spawn(context_, accept_least(acceptor_, answer_), [](std::exception_ptr) {});
    }

  private:
    std::string answer_;
    acceptor_type acceptor_{context_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
};

struct figures {
    double rate = 0;
    double cpu_microseconds = 0;
};

figures ask(bench_server& server, int seconds) {
    auto const before = server.cpu_seconds();
    auto const command = "wrk -t1 -c64 -d" + std::to_string(seconds) +
                         "s http://127.0.0.1:" + std::to_string(server.port_) + "/v1/things/42 2>&1";
    std::unique_ptr<FILE, int (*)(FILE*)> const pipe{::popen(command.c_str(), "r"), ::pclose};
    std::array<char, 512> line{};
    double requests = 0;
    figures found;
    while (pipe && std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
        std::string_view const text{line.data()};
        if (text.find(" requests in ") != std::string_view::npos) {
            requests = std::atof(line.data());
        } else if (text.starts_with("Requests/sec:")) {
            found.rate = std::atof(line.data() + 13);
        } else if (text.find("Non-2xx") != std::string_view::npos ||
                   text.find("Socket errors") != std::string_view::npos) {
            std::fputs(line.data(), stderr);
        }
    }
    if (requests > 0) {
        found.cpu_microseconds = (server.cpu_seconds() - before) / requests * 1e6;
    }
    return found;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int count, char** arguments) {
    int const seconds = count > 1 ? std::max(1, std::atoi(arguments[1])) : 5;
    least_server least;
    library_server plain{false};
    library_server hooked{true};
    std::array<std::pair<char const*, bench_server*>, 3> const servers{
        {{"least", &least}, {"library", &plain}, {"library+hook", &hooked}}};
    std::array<std::vector<double>, 3> rates;
    std::array<std::vector<double>, 3> costs;
    for (auto const& [name, server] : servers) {
        server->run();
    }
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t index = 0; index < servers.size(); ++index) {
            auto const found = ask(*servers[index].second, seconds);
            rates[index].push_back(found.rate);
            costs[index].push_back(found.cpu_microseconds);
        }
    }
    for (std::size_t index = 0; index < servers.size(); ++index) {
        std::printf("%-14s %9.0f requests/s  %6.2f us CPU a request  ratio %.2f\n", servers[index].first,
                    median(rates[index]), median(costs[index]), median(rates[index]) / median(rates[0]));
    }
    for (auto const& [name, server] : servers) {
        server->end();
    }
    return median(rates[0]) > 0 ? 0 : 1;
}
