#include "tests/server/http/test_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>

namespace connectd::tests {

namespace asio = boost::asio;

runtime::task<void> gate::pass() {
    if (open_) {
        co_return;
    }
    runtime::timer timer{co_await asio::this_coro::executor, runtime::timer::time_point::max()};
    waiting_ = &timer;
    auto [error] = co_await timer.async_wait(runtime::use_tuple);
    waiting_ = nullptr;
    if (!open_) {
        throw boost::system::system_error{error};
    }
}

void gate::open() {
    open_ = true;
    if (waiting_ != nullptr) {
        waiting_->cancel();
    }
}

test_server::test_server(fill_routes fill, server_setup setup)
    : budget_{std::make_shared<http::connection_budget>(setup.connections)} {
    asio::ip::tcp::endpoint bound{asio::ip::address_v4::loopback(), 0};
    for (std::size_t index = 0; index < setup.threads; ++index) {
        auto& made = *lanes_.emplace_back(std::make_unique<lane>());
        fill(made.routes, made.context);
        made.listener = std::make_unique<http::listener>(made.context, made.routes, clock_, setup.options,
                                                         budget_, setup.certificates);
        if (index == 0) {
            bound = made.listener->open(bound).value();
        } else {
            made.listener->join(bound).value();
        }
        made.listener->start();
    }
    port_ = bound.port();
    for (auto& each : lanes_) {
        each->thread = std::thread{[&context = each->context] { context.run(); }};
    }
}

test_server::~test_server() {
    stop(std::chrono::milliseconds{0});
}

std::vector<std::future<bool>> test_server::begin_stop(std::chrono::milliseconds patience) {
    std::vector<std::future<bool>> ends;
    for (auto& each : lanes_) {
        ends.push_back(asio::co_spawn(each->context, each->listener->stop(runtime::deadline_in(patience)),
                                      asio::use_future));
    }
    return ends;
}

bool test_server::stop(std::chrono::milliseconds patience) {
    bool clean = true;
    for (auto& end : begin_stop(patience)) {
        clean = end.get() && clean;
    }
    for (auto& each : lanes_) {
        each->work.reset();
        if (!clean) {
            each->context.stop();
        }
        each->thread.join();
    }
    lanes_.clear();
    return clean;
}

} // namespace connectd::tests
