#pragma once

// A real server on port 0 with its own threads, for tests that talk to it over sockets.

#include "server/http/listener.hpp"
#include "server/http/options.hpp"
#include "server/http/router.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace connectd::tests {

namespace http = server::http;
namespace runtime = server::runtime;

struct server_setup {
    http::server_options options{};
    std::size_t threads = 1;
    std::size_t connections = 1000;
    std::shared_ptr<http::tls_certificates> certificates{};
};

// Lets one handler wait until the test opens it. The handler's coroutine and `open` run on the same thread;
// the gate outlives the server.
class gate {
  public:
    runtime::task<void> pass();
    void open();

  private:
    runtime::timer* waiting_ = nullptr; // in the frame of `pass`
    bool open_ = false;
};

class test_server {
  public:
    // `fill` is called once a thread, with that thread's context.
    using fill_routes = std::function<void(http::router&, boost::asio::io_context&)>;

    explicit test_server(fill_routes fill, server_setup setup = {});
    test_server(test_server const&) = delete;
    test_server& operator=(test_server const&) = delete;
    ~test_server();

    std::uint16_t port() const noexcept { return port_; }
    http::connection_budget const& budget() const noexcept { return *budget_; }

    // Begins to stop all listeners; the futures say whether nothing was left.
    std::vector<std::future<bool>> begin_stop(std::chrono::milliseconds patience);
    // Stops, waits, ends the threads. Whether nothing was left at the end.
    bool stop(std::chrono::milliseconds patience = std::chrono::seconds{30});

    // Runs `work` on a thread of the server and waits for it.
    template <class Work>
    auto on_thread(Work work, std::size_t index = 0) {
        std::packaged_task<decltype(work())()> job{std::move(work)};
        auto outcome = job.get_future();
        boost::asio::post(lanes_[index]->context, std::move(job));
        return outcome.get();
    }

    std::size_t connections() {
        return on_thread([this] { return lanes_[0]->listener->connections(); });
    }

  private:
    struct lane {
        boost::asio::io_context context{1};
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
        http::router routes{};
        std::unique_ptr<http::listener> listener{};
        std::thread thread{};
    };

    runtime::system_clock clock_;
    std::shared_ptr<http::connection_budget> budget_;
    std::vector<std::unique_ptr<lane>> lanes_;
    std::uint16_t port_ = 0;
};

} // namespace connectd::tests
