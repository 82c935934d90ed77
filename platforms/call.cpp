#include "platforms/call.hpp"

#include "crypto/secret.hpp"
#include "platforms/token_response.hpp"

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

void wipe_body(http::response& answer) noexcept {
    crypto::wipe(answer.body.data(), answer.body.size());
    answer.body.clear();
}

} // namespace connectd::platforms
