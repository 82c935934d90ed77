// What the operator has decided and the services act by. The composition root fills it from the configuration
// once; it never changes afterwards, so every thread reads it freely.
#pragma once

#include "server/services/quickstart_apps.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace connectd::server::services {

struct plan {
    std::set<std::string> features;
    std::optional<std::size_t>
        credential_slots; // how many app credentials a workspace may hold; nothing: any number
};

struct settings {
    // Origin under which browsers reach this server, without a trailing slash; redirect URIs are built from
    // it.
    std::string public_url;

    std::chrono::milliseconds session_lifetime = std::chrono::minutes{15};
    // From the consent on, for choosing among several accounts.
    std::chrono::milliseconds choice_lifetime = std::chrono::minutes{30};
    // For the whole of a callback's work at the platform. X's codes live 30 s (platform fact, autumn 2026).
    std::chrono::milliseconds exchange_timeout = std::chrono::seconds{20};
    std::chrono::milliseconds revoke_timeout = std::chrono::seconds{10};
    std::chrono::milliseconds refresh_timeout = std::chrono::seconds{20};
    // For asking a server about itself, and for registering an app there.
    std::chrono::milliseconds discovery_timeout = std::chrono::seconds{10};
    // For each wait of a proxied call; how long the whole may take is its request's.
    std::chrono::milliseconds proxy_timeout = std::chrono::seconds{60};
    bool proxy_audit = false; // an event for each proxied call

    // Return URLs: https always; http to a loopback host and these schemes (of mobile apps) where the
    // operator says so.
    bool return_to_http_loopback = true;
    std::vector<std::string> return_schemes;

    // The operator's apps; null where there are none. The composition root owns them.
    quickstart_apps const* quickstart = nullptr;

    // Where webhooks may lead, beside https to public addresses; for development.
    bool webhook_http = false;
    bool webhook_private_addresses = false;

    std::map<std::string, plan> plans;
    std::string default_plan = "team";
    std::set<std::string> disabled_platforms;
};

} // namespace connectd::server::services
