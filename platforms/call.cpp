#include "platforms/call.hpp"

#include "crypto/secret.hpp"
#include "platforms/token_response.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace connectd::platforms {

failure network_failure(call_kind call, boost::system::error_code const& error) {
    failure failed;
    failed.code = error;
    bool const spends = call == call_kind::exchange || call == call_kind::refresh;
    bool const typed = call == call_kind::exchange || call == call_kind::registration;
    if (error == errc::invalid_url || error == errc::invalid_request) {
        failed.what = verdict::operator_fault;
    } else if (error == errc::address_refused && typed) {
        failed.what = verdict::refused;
    } else if (certainly_not_processed(error) || !spends) {
        failed.what = verdict::temporary;
    } else {
        failed.what = verdict::unknown_outcome;
    }
    return failed;
}

task<outcome<http::response>> ask(http::client& client, call_kind call, http::request request,
                                  deadline until) {
    auto answer = co_await client.send(std::move(request), until);
    if (!answer) {
        co_return network_failure(call, answer.error());
    }
    co_return std::move(*answer);
}

task<outcome<token_set>> ask_for_tokens(http::client& client, descriptor const& platform, call_kind call,
                                        http::request request, deadline until) {
    auto answer = co_await ask(client, call, std::move(request), until);
    if (!answer) {
        co_return answer.error();
    }
    auto tokens = parse_token_response(platform, call, *answer);
    wipe_body(*answer);
    co_return tokens;
}

task<bool> pause(std::chrono::seconds how_long, deadline until) {
    namespace asio = boost::asio;
    using clock = deadline::clock;
    constexpr auto expected = asio::as_tuple(asio::use_awaitable_t<executor>{});
    auto const end = clock::now() + how_long;
    if (end >= until) {
        co_return false;
    }
    asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor> timer(
        co_await asio::this_coro::executor, end);
    auto const [error] = co_await timer.async_wait(expected);
    co_return !error;
}

void wipe_body(http::response& answer) noexcept {
    crypto::wipe(answer.body.data(), answer.body.size());
    answer.body.clear();
}

} // namespace connectd::platforms
