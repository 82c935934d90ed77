#include "server/services/webhooks/message.hpp"

#include "platforms/retry_after.hpp"
#include "server/services/webhooks/signature.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace connectd::server::services::webhooks {

platforms::http::request make_request(std::string url, form const& its, notice const& what,
                                      std::span<crypto::secret const> secrets, std::uint32_t number,
                                      runtime::sys_ms now) {
    platforms::http::request made;
    made.method = "POST";
    made.url = std::move(url);
    made.body = boost::json::serialize(its.body(what));
    made.headers = {{"Content-Type", "application/json"}, {"webhook-id", what.id}};
    auto signed_with = its.headers(
        what, {.secrets = secrets, .number = number, .timestamp = timestamp_text(now), .body = made.body});
    std::ranges::move(signed_with, std::back_inserter(made.headers));
    made.max_response_body = answer_bound;
    made.user_given_url = true;
    return made;
}

verdict judge(platforms::result<platforms::http::response> const& answer) {
    verdict found;
    if (answer.has_error()) {
        found.error = answer.error().message();
        return found;
    }
    found.http_status = answer->status;
    found.delivered = answer->status >= 200 && answer->status < 300;
    found.gone = answer->status == 410;
    if (found.delivered) {
        return found;
    }
    found.error = answer->status >= 300 && answer->status < 400
                      ? "The endpoint answered with a redirect, which is not followed."
                      : "The endpoint answered " + std::to_string(answer->status) + ".";
    found.retry_after = platforms::retry_after(*answer);
    return found;
}

} // namespace connectd::server::services::webhooks
