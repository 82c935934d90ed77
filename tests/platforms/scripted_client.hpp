// An HTTP client that sends nothing: it keeps what it was asked and answers what the test wrote down, in that
// order. Belongs to one thread.
#pragma once

#include "platforms/http/client.hpp"
#include "tests/platforms/support.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace connectd::tests {

class scripted_client final : public platforms::http::client {
  public:
    void answer(unsigned status, std::string body, platforms::http::header_list headers = {}) {
        script_.emplace_back(reply(status, std::move(body), std::move(headers)));
    }
    void fail(platforms::errc code) { script_.emplace_back(platforms::make_error_code(code)); }

    platforms::task<platforms::result<platforms::http::response>> send(platforms::http::request what,
                                                                       platforms::deadline until) override {
        sent.push_back(std::move(what));
        deadlines.push_back(until);
        if (before_answer) {
            before_answer();
        }
        if (holding_) {
            auto const context = co_await boost::asio::this_coro::executor;
            auto const held = std::make_shared<timer>(context, timer::time_point::max());
            waiting_.push_back(held);
            co_await held->async_wait(boost::asio::as_tuple(asio_token{}));
        }
        if (script_.empty()) {
            BOOST_ERROR("a request that the test does not expect: " + sent.back().url);
            co_return platforms::errc::connect_failed;
        }
        auto next = std::move(script_.front());
        script_.pop_front();
        co_return next;
    }

    bool done() const { return script_.empty(); }

    // Requests that come from now on are answered after let_go.
    void hold() { holding_ = true; }
    void let_go() {
        holding_ = false;
        for (auto const& each : std::exchange(waiting_, {})) {
            each->cancel();
        }
    }

    std::vector<platforms::http::request> sent;
    std::vector<platforms::deadline> deadlines;
    std::function<void()> before_answer; // called when a request has come

  private:
    using asio_token = boost::asio::use_awaitable_t<boost::asio::io_context::executor_type>;
    using timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                    boost::asio::wait_traits<std::chrono::steady_clock>,
                                                    boost::asio::io_context::executor_type>;

    bool holding_ = false;
    std::vector<std::shared_ptr<timer>> waiting_;
    std::deque<platforms::result<platforms::http::response>> script_;
};

} // namespace connectd::tests
