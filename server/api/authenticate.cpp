#include "server/api/authenticate.hpp"

namespace connectd::server::api {
namespace {

// RFC 9110 section 11.1: the scheme's name is case-insensitive.
std::string_view bearer(std::string_view value) noexcept {
    constexpr std::string_view scheme = "bearer ";
    if (value.size() <= scheme.size() || !http::equal_ignoring_case(value.substr(0, scheme.size()), scheme)) {
        return {};
    }
    value.remove_prefix(scheme.size());
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    return value;
}

} // namespace

std::string_view presented_key(http::request const& asked) noexcept {
    if (auto const value = asked.header("Authorization")) {
        return bearer(*value);
    }
    for (auto const* name : {"x-api-key", "x-access-key"}) {
        if (auto const value = asked.header(name)) {
            return *value;
        }
    }
    return {};
}

runtime::task<services::outcome<services::principal>> authenticate(context& with, http::request const& asked,
                                                                   access needed, std::string_view scope) {
    using services::errc;
    if (needed == access::open) {
        co_return services::principal{};
    }
    auto const key = presented_key(asked);
    if (key.empty()) {
        co_return services::failure{
            errc::api_key_missing,
            "Send an API key as \"Authorization: Bearer cd_live_...\" or in x-api-key."};
    }
    auto who = co_await with.services.api_keys.authenticate(key);
    if (who.has_error()) {
        co_return who.error();
    }
    if (needed == access::root && !who->root) {
        co_return errc::root_key_required;
    }
    if (needed == access::workspace && who->root) {
        co_return services::failure{errc::workspace_key_required,
                                    "Make a key with POST /v1/workspaces/{id}/api-keys."};
    }
    if (needed == access::workspace && !who->has_scope(scope)) {
        co_return services::failure{errc::scope_missing,
                                    "This route needs the scope \"" + std::string{scope} + "\"."};
    }
    co_return who;
}

} // namespace connectd::server::api
