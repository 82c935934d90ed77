// An HTTP client that sends nothing: it keeps what it was asked and answers what the test wrote down, in that
// order. Belongs to one thread.
#pragma once

#include "platforms/http/client.hpp"
#include "tests/platforms/support.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <deque>
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
        if (script_.empty()) {
            BOOST_ERROR("a request that the test does not expect: " + sent.back().url);
            co_return platforms::errc::connect_failed;
        }
        auto next = std::move(script_.front());
        script_.pop_front();
        co_return next;
    }

    bool done() const { return script_.empty(); }

    std::vector<platforms::http::request> sent;
    std::vector<platforms::deadline> deadlines;

  private:
    std::deque<platforms::result<platforms::http::response>> script_;
};

} // namespace connectd::tests
