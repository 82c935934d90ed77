// A visit to the pretend Pinterest: connecting as its app.
#pragma once

#include "tests/sandbox/visit.hpp"

namespace connectd::tests {

struct pinterest_visit : visit {
    pinterest_visit() : visit{"pinterest"} {}

    static constexpr std::string_view token_path = "/v5/oauth/token";
    static constexpr std::string_view all_scopes =
        "user_accounts:read,boards:read,boards:write,pins:read,pins:write";

    static std::string authorize_target(parameters const& replaced = {}) {
        return "/oauth/?" + query_of(with({{"response_type", "code"},
                                           {"client_id", std::string{sandbox::sandbox::default_client_id}},
                                           {"redirect_uri", std::string{stage::redirect_uri}},
                                           {"scope", std::string{all_scopes}},
                                           {"state", "s1"}},
                                          replaced));
    }
    answer exchange(std::string const& with_code, parameters const& replaced = {},
                    std::pair<std::string, std::string> const& header = basic()) {
        return site.post_form(token_path,
                              query_of(with({{"grant_type", "authorization_code"},
                                             {"code", with_code},
                                             {"redirect_uri", std::string{stage::redirect_uri}},
                                             {"continuous_refresh", "true"}},
                                            replaced)),
                              {header});
    }
    answer refresh(std::string const& refresh_token, parameters const& replaced = {},
                   std::pair<std::string, std::string> const& header = basic()) {
        return site.post_form(
            token_path,
            query_of(with({{"grant_type", "refresh_token"}, {"refresh_token", refresh_token}}, replaced)),
            {header});
    }
    answer connect(std::string_view person = "ada", parameters const& replaced = {}) {
        return exchange(code(authorize_target(replaced), person));
    }
    // Registers an app of that secret "s" with flags, as JSON, and connects ada to it.
    answer connect_app(std::string const& client_id, std::string const& flags,
                       parameters const& replaced = {}) {
        put_app(R"({"client_id":")" + client_id + R"(","client_secret":"s","redirect_uris":[")" +
                std::string{stage::redirect_uri} + R"("],"flags":)" + flags + "}");
        return exchange(code(authorize_target({{"client_id", client_id}})), replaced, basic(client_id, "s"));
    }
    answer account(std::string_view token) { return site.get("/v5/user_account", {bearer(token)}); }
};

// Status and number of a refusal: "401 283".
inline std::string number_of(answer const& got) {
    auto const body = got.json();
    auto const* const code = body.is_object() ? body.get_object().if_contains("code") : nullptr;
    return std::to_string(got.status) + " " +
           (code != nullptr ? std::to_string(code->to_number<int>()) : std::string{"none"});
}

} // namespace connectd::tests
