#include "server/service_settings.hpp"

#include "server/key_files.hpp"
#include "server/services/platform_choice.hpp"
#include "server/start_error.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace connectd::server {

services::quickstart_apps load_quickstart_apps(config const& settings, platforms::catalog const& catalog) {
    services::quickstart_apps apps;
    for (auto const& [name, wanted] : settings.quickstart) {
        auto const* named = catalog.find(name);
        if (named == nullptr) {
            throw start_error("[quickstart." + name + "] names a platform that does not exist.");
        }
        if (named->instances == platforms::instance_kind::host || services::wants_issuer(*named)) {
            throw start_error("[quickstart." + name + "] cannot serve: " + named->title +
                              " is many servers, and each knows apps of its own only.");
        }
        auto const secret =
            wanted.client_secret
                ? read_secret(*wanted.client_secret, "the client secret of quickstart." + name).text
                : crypto::secret{};
        for (auto const* platform : catalog.all()) {
            if (services::app_platform(*platform) == named->name) {
                apps.add(platform->name, {wanted.client_id, secret.clone()});
            }
        }
    }
    return apps;
}

services::settings make_service_settings(config const& settings, platforms::catalog const& catalog) {
    services::settings made;
    made.session_lifetime = settings.connect.session_lifetime;
    made.choice_lifetime = settings.connect.choice_lifetime;
    made.exchange_timeout = settings.connect.exchange_timeout;
    made.revoke_timeout = settings.outbound.request_timeout;
    made.refresh_timeout = settings.outbound.request_timeout;
    made.discovery_timeout = settings.outbound.request_timeout;
    made.proxy_timeout = settings.proxy.timeout;
    made.proxy_audit = settings.proxy.audit;
    made.return_to_http_loopback = settings.connect.return_http_loopback;
    made.return_schemes = settings.connect.return_schemes;
    made.webhook_http = settings.webhooks.allow_http;
    made.webhook_private_addresses = settings.webhooks.allow_private_addresses;
    made.default_plan = settings.default_plan;
    for (auto const& [name, plan] : settings.plans) {
        made.plans[name] = {.features = plan.features, .credential_slots = plan.credential_slots};
    }
    for (auto const& [name, platform] : settings.platforms) {
        if (auto const* known = catalog.find(name); known != nullptr && !platform.enabled) {
            made.disabled_platforms.insert(known->name);
        }
    }
    return made;
}

platforms::http::pool_options make_pool_options(config const& settings) {
    auto const& outbound = settings.outbound;
    platforms::http::pool_options made;
    made.connections_per_origin = outbound.connections_per_origin;
    made.max_waiting = outbound.waiters_per_origin;
    made.max_idle = outbound.idle_timeout;
    made.connect_attempt = outbound.connect_timeout;
    made.user_agent = outbound.user_agent;
    made.user_urls = {.allow_private = outbound.allow_private_addresses, .allow_http = outbound.allow_http};
    made.ca_file = outbound.ca_file ? outbound.ca_file->string() : std::string{};
    return made;
}

platforms::http::pool_options make_webhook_pool_options(config const& settings) {
    auto made = make_pool_options(settings);
    made.user_urls = {.allow_private = settings.webhooks.allow_private_addresses,
                      .allow_http = settings.webhooks.allow_http};
    return made;
}

http::server_options make_server_options(config const& settings) {
    auto const& limits = settings.limits;
    http::server_options made;
    made.limits.header_bytes = limits.header_bytes;
    made.limits.body_bytes = limits.body_bytes;
    made.timeouts.header = limits.header_timeout;
    made.timeouts.body = limits.body_timeout;
    made.timeouts.handler = limits.request_timeout;
    made.timeouts.stream = settings.proxy.longest;
    made.timeouts.write = limits.write_timeout;
    made.timeouts.idle = limits.idle_timeout;
    if (settings.tls) {
        made.hsts = std::chrono::days{365};
    }
    return made;
}

dialects::host_names make_dialect_hosts(config const& settings) {
    dialects::host_names hosts;
    std::set<std::string> taken;
    for (auto const& [name, wanted] : settings.dialects) {
        if (dialects::find_dialect(name) == nullptr) {
            throw start_error("[dialects." + name + "] names a dialect that does not exist.");
        }
        for (auto const& host : wanted.hosts) {
            if (!taken.insert(host).second) {
                throw start_error("[dialects." + name + "] names the host " + host + " a second time.");
            }
        }
        hosts[name] = wanted.hosts;
    }
    return hosts;
}

services::refresh::scheduler::options make_refresh_options(config const& settings) {
    services::refresh::scheduler::options made;
    made.plan.lane.at_once = settings.refresh.at_once;
    made.plan.at_once = std::max(made.plan.at_once, 4 * settings.refresh.at_once);
    made.interval = settings.refresh.interval;
    return made;
}

} // namespace connectd::server
