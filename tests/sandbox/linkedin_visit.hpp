// A visit to the pretend LinkedIn: its two apps, and connecting as either.
#pragma once

#include "tests/sandbox/visit.hpp"
#include "tools/sandbox/linkedin/linkedin_platform.hpp"

namespace connectd::tests {

struct linkedin_visit : visit {
    linkedin_visit() : visit{"linkedin"} {}

    static constexpr std::string_view partner = sandbox::linkedin::linkedin_platform::partner_client_id;
    static constexpr std::string_view partner_secret =
        sandbox::linkedin::linkedin_platform::partner_client_secret;
    static constexpr std::string_view version = "202607";

    static parameters credentials(std::string_view client_id) {
        return {
            {"client_id", std::string{client_id}},
            {"client_secret",
             std::string{client_id == partner ? partner_secret : sandbox::sandbox::default_client_secret}}};
    }
    static std::string authorize_target(parameters const& replaced = {}) {
        return "/oauth/v2/authorization?" +
               query_of(with({{"response_type", "code"},
                              {"client_id", std::string{sandbox::sandbox::default_client_id}},
                              {"redirect_uri", std::string{stage::redirect_uri}},
                              {"scope", "openid profile email w_member_social"},
                              {"state", "s 1"}},
                             replaced));
    }
    // POST to the token endpoint with an app's credentials.
    answer token(parameters form, std::string_view client_id = sandbox::sandbox::default_client_id,
                 parameters const& replaced = {}) {
        form.merge(credentials(client_id));
        return site.post_form("/oauth/v2/accessToken", query_of(with(std::move(form), replaced)));
    }
    answer exchange(std::string const& with_code,
                    std::string_view client_id = sandbox::sandbox::default_client_id,
                    parameters const& replaced = {}) {
        return token({{"grant_type", "authorization_code"},
                      {"code", with_code},
                      {"redirect_uri", std::string{stage::redirect_uri}}},
                     client_id, replaced);
    }
    answer refresh(std::string const& refresh_token, std::string_view client_id = partner) {
        return token({{"grant_type", "refresh_token"}, {"refresh_token", refresh_token}}, client_id);
    }
    answer connect(std::string_view client_id = sandbox::sandbox::default_client_id,
                   std::string_view person = "ada", parameters replaced = {}) {
        replaced["client_id"] = client_id;
        return exchange(code(authorize_target(replaced), person), client_id);
    }
    // A partner's token for pages.
    std::string pages_token(std::string_view person = "ada") {
        return connect(partner, person,
                       {{"scope", "openid profile rw_organization_admin r_organization_social "
                                  "w_organization_social w_member_social"}})
            .text("/access_token");
    }

    static header_list versioned(std::string_view token, std::string_view wanted = version) {
        return {
            bearer(token), {"LinkedIn-Version", std::string{wanted}}, {"X-Restli-Protocol-Version", "2.0.0"}};
    }
};

} // namespace connectd::tests
