#include "server/services/webhooks/url.hpp"

#include "platforms/http/address_policy.hpp"
#include "platforms/http/target.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace connectd::server::services::webhooks {
namespace {

constexpr std::size_t longest = 2048;

failure refused(std::string why) {
    return {errc::field_invalid, std::move(why), "url"};
}

} // namespace

outcome<void> check_url(settings const& chosen, std::string_view url) {
    bool const visible = std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7f; });
    auto const target = platforms::http::parse_target(url);
    if (url.size() > longest || !visible || target.has_error()) {
        return refused("An https URL of at most 2048 visible ASCII characters, without user information.");
    }
    if (!target->tls && !chosen.webhook_http) {
        return refused("Webhooks are sent over https only.");
    }
    if (target->literal && !chosen.webhook_private_addresses &&
        !platforms::http::is_public(*target->literal)) {
        return refused("Webhooks are not sent to private addresses.");
    }
    return {};
}

} // namespace connectd::server::services::webhooks
