#include "server/services/event_types.hpp"

#include <algorithm>

namespace connectd::server::services {
namespace {

constexpr std::string_view types[] = {
    "account.connected", "account.reconnected",  "account.updated", "account.disconnected",
    "token.refreshed",   "token.refresh_failed", "token.expiring",  "token.revoked",
    "app.unhealthy",     "app.recovered",        "connect.failed",  "webhook.disabled",
    proxy_call_event,
};

} // namespace

std::span<std::string_view const> event_types() noexcept {
    return types;
}

bool is_event_type(std::string_view text) noexcept {
    return std::ranges::find(types, text) != std::end(types);
}

} // namespace connectd::server::services
