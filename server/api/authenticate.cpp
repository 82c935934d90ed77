#include "server/api/authenticate.hpp"

#include "server/http/bearer.hpp"

namespace connectd::server::api {

std::string_view presented_key(http::request const& asked) noexcept {
    if (asked.header("Authorization")) {
        return http::bearer_token(asked);
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
    auto who = co_await services::admit(with.services.api_keys, presented_key(asked), needed, scope);
    if (who.has_error() && who.error().code == make_error_code(errc::api_key_missing)) {
        co_return services::failure{
            errc::api_key_missing,
            "Send an API key as \"Authorization: Bearer cd_live_...\" or in x-api-key."};
    }
    co_return who;
}

} // namespace connectd::server::api
