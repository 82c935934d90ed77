#include "server/config.hpp"

#include "platforms/endpoints.hpp"

namespace connectd::server {

std::set<std::string> const& plan_features() {
    static std::set<std::string> const names{"branding", "own_credentials", "proxy", "quickstart",
                                             "webhooks"};
    return names;
}

std::map<std::string, plan_settings> default_plans() {
    return {
        {"free", {{"quickstart"}, 0}},
        {"api", {{"quickstart", "proxy"}, 0}},
        {"basic", {{"quickstart", "proxy", "webhooks", "own_credentials"}, 1}},
        {"growth", {plan_features(), 10}},
        {"team", {plan_features(), std::nullopt}},
    };
}

std::vector<std::string> const& platform_endpoint_names() {
    static std::vector<std::string> const names = [] {
        std::vector<std::string> all;
        for (auto const& [name, member] : platforms::endpoint_members) {
            all.emplace_back(name);
        }
        all.insert(all.end(), platforms::quirk_endpoints.begin(), platforms::quirk_endpoints.end());
        return all;
    }();
    return names;
}

std::string public_url_of(config const& settings, boost::asio::ip::tcp::endpoint const& bound) {
    if (settings.public_url) {
        return *settings.public_url;
    }
    auto const address = bound.address();
    auto const host = address.is_unspecified() ? std::string{"127.0.0.1"}
                      : address.is_v6()        ? "[" + address.to_string() + "]"
                                               : address.to_string();
    auto const own_port = settings.tls ? 443 : 80;
    auto const port = bound.port() == own_port ? std::string{} : ":" + std::to_string(bound.port());
    return (settings.tls ? "https://" : "http://") + host + port;
}

} // namespace connectd::server
