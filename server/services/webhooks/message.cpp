#include "server/services/webhooks/message.hpp"

#include "platforms/retry_after.hpp"
#include "server/runtime/time_text.hpp"
#include "server/services/webhooks/signature.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace connectd::server::services::webhooks {

bool wants(storage::webhook const& endpoint, storage::event_mark const& mark) {
    return endpoint.types.empty() || std::ranges::find(endpoint.types, mark.type) != endpoint.types.end();
}

platforms::http::request make_request(storage::webhook const& endpoint, storage::event const& what,
                                      std::span<crypto::secret const> secrets, runtime::sys_ms now) {
    boost::json::object const body{{"type", what.type},
                                   {"timestamp", runtime::time_text(what.created_at)},
                                   {"data", boost::json::parse(what.data)}};
    auto const id = what.id.to_string();
    auto const timestamp = timestamp_text(now);
    platforms::http::request made;
    made.method = "POST";
    made.url = endpoint.url;
    made.body = boost::json::serialize(body);
    made.headers = {{"Content-Type", "application/json"},
                    {"webhook-id", id},
                    {"webhook-timestamp", timestamp},
                    {"webhook-signature", sign(secrets, id, timestamp, made.body)}};
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
