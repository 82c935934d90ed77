#include "server/api/proxy.hpp"

#include "server/api/problem.hpp"
#include "server/services/proxy/forwarder.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace connectd::server::api {
namespace {

services::proxy::call to_call(http::request& asked) {
    services::proxy::call made{.method = asked.method,
                               .path = asked.path_parameter("path"),
                               .query = asked.raw_query,
                               .headers = {},
                               .body = {},
                               .length = asked.content_length,
                               .deadline = asked.deadline,
                               .request_id = asked.request_id};
    for (auto const field : asked.headers) {
        made.headers.emplace_back(field.name, field.value);
    }
    if (asked.content_length.value_or(0) > 0 || asked.headers.contains("Transfer-Encoding")) {
        made.body = asked.read_body;
    }
    return made;
}

http::response to_response(services::proxy::refusal const& told, http::request const& asked) {
    auto what = describe(told.why);
    if (told.account) {
        what.facts = {{"account_status", told.account->status}, {"status_cause", told.account->status_cause}};
        if (!told.reconnect_url.empty()) {
            what.facts.emplace_back("reconnect_url", told.reconnect_url);
        }
    }
    auto answer = to_response(what, asked.request_id);
    if (told.wait) {
        auto const seconds = std::chrono::ceil<std::chrono::seconds>(*told.wait);
        answer.set("Retry-After", std::to_string(seconds.count()));
    }
    return answer;
}

} // namespace

runtime::task<http::response> call_platform(call of) {
    auto got = co_await of.services().proxy.forward(of.workspace(), of.asked.path_parameter("id"),
                                                    to_call(of.asked));
    if (got.has_error()) {
        co_return to_response(got.error(), of.asked);
    }
    http::response answer{.status = got->status};
    for (auto const& [name, value] : got->headers) {
        answer.headers.add_parsed(name, value); // checked by who received them
    }
    answer.headers.add(
        "Via", "1.1 connectd"); // which tells the platform's problems from ours (RFC 9110 section 7.6.3)
    answer.stream.emplace(std::move(got->body), got->length);
    co_return answer;
}

} // namespace connectd::server::api
