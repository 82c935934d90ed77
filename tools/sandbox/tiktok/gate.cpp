#include "tools/sandbox/tiktok/gate.hpp"

#include "tools/sandbox/tiktok/words.hpp"

namespace connectd::sandbox::tiktok {

std::variant<oauth::access, reply> gate::enter(call const& request, rate_limit const& limit, limited_by whom,
                                               sys_ms now) {
    auto const token = request.bearer();
    auto caller = token ? grants_.check(*token, now) : std::nullopt;
    if (!caller)
        return api_error(401, "access_token_invalid",
                         "The access token is invalid or not found in the request.", now);
    auto const subject = whom == limited_by::app ? subject_of(caller->client_id) : caller->grant;
    if (!limits_.take(limit, subject, now).allowed)
        return api_error(429, "rate_limit_exceeded",
                         "The API rate limit was exceeded. Please try again later.", now);
    return std::move(*caller);
}

} // namespace connectd::sandbox::tiktok
