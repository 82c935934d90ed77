#include "server/io_thread.hpp"

#include "server/api/connect.hpp"
#include "server/api/routes.hpp"
#include "server/runtime/log.hpp"
#include "server/start_error.hpp"

#include <utility>

#include <pthread.h>

namespace connectd::server {

io_thread::io_thread(parts given)
    : given_{std::move(given)},
      busy_{boost::asio::make_work_guard(context_)},
      tasks_{context_.get_executor(), "connect"},
      control_{context_.get_executor(), "control"},
      outbound_{context_, given_.names, given_.outbound},
      services_{given_.common, outbound_, tasks_},
      streams_{context_.get_executor(), given_.bell},
      api_{services_,   streams_, given_.common.clock, given_.metrics, given_.limiter,
           given_.cors, {},       given_.not_ready,    dialects::told},
      dialects_{services_, given_.common.clock, given_.limiter, {}, given_.hosts} {
    dialects_.pages = {
        .conclude = [this](auto const& ended,
                           auto& asked) { return api::conclude_in_browser(api_, ended, asked); },
        .refuse = api::refuse_in_browser};
    api::add_routes(router_, api_);
    dialects::add_routes(router_, dialects_);
    for (auto const* each : dialects::all_dialects()) {
        api::add_browser_routes(router_, api_, each->mount, each->callbacks);
    }
    dialects::add_hosts(router_, given_.hosts);
    router_.choose_prefix(dialects::mount_by_key);
}

io_thread::~io_thread() {
    wait();
}

http::listener& io_thread::add_listener() {
    listeners_.push_back(std::make_unique<http::listener>(
        context_, router_, given_.common.clock, given_.inbound, given_.connections, given_.certificates));
    return *listeners_.back();
}

boost::asio::ip::tcp::endpoint io_thread::open(boost::asio::ip::tcp::endpoint const& wanted) {
    auto const bound = add_listener().open(wanted);
    if (bound.has_error()) {
        throw start_error("Cannot listen on " + wanted.address().to_string() + ":" +
                          std::to_string(wanted.port()) + ": " + bound.error().message());
    }
    return *bound;
}

void io_thread::join(boost::asio::ip::tcp::endpoint const& bound) {
    auto const joined = add_listener().join(bound);
    if (joined.has_error()) {
        throw start_error("Cannot share the port " + std::to_string(bound.port()) +
                          " between threads: " + joined.error().message());
    }
}

void io_thread::start(std::string public_url) {
    dialects_.public_url = public_url;
    api_.public_url = std::move(public_url);
    for (auto const& listener : listeners_) {
        listener->start();
    }
    thread_ = std::thread([this] {
        pthread_setname_np(pthread_self(), given_.name.c_str());
        context_.run();
    });
}

void io_thread::stop(runtime::steady_time deadline) {
    if (thread_.joinable()) {
        control_.spawn("shut down", shut_down(deadline));
    }
}

// The order of README.md: what comes in first, what it began next, what that uses last.
runtime::task<void> io_thread::shut_down(runtime::steady_time deadline) {
    streams_.close();
    for (auto const& listener : listeners_) {
        co_await listener->stop(deadline);
    }
    tasks_.close();
    if (!co_await tasks_.join(deadline)) {
        runtime::log::warning("work was cut off by the shutdown", {{"tasks", tasks_.running()}});
        tasks_.cancel();
        outbound_.cancel();
        co_await tasks_.join(runtime::deadline_in(std::chrono::seconds{2}));
    }
    outbound_.close();
    busy_.reset();
    context_.stop();
}

void io_thread::wait() {
    if (thread_.joinable()) {
        thread_.join();
    }
}

} // namespace connectd::server
