#include "tools/sandbox/instagram/rules.hpp"

#include "tools/sandbox/graph/gate.hpp"
#include "tools/sandbox/graph/login.hpp"
#include "tools/sandbox/instagram/scopes.hpp"

namespace connectd::sandbox::instagram {
namespace {

std::string make_token(oauth::token_kind kind, sys_ms) {
    return kind == oauth::token_kind::code ? graph::token_text("AQB", 120)
                                           : graph::token_text("IGAA", 140, "ZD");
}

graph::login_rules login() {
    auto const basic = oauth::scope_set::of({scope::basic});
    return {.scopes = scopes(),
            .always = basic,
            .demanded = basic,
            .unknown_app = "Invalid Request: Request parameters are invalid: Invalid platform app",
            .missing_app = "Invalid Request: Request parameters are invalid: Invalid platform app",
            .insecure = "Insecure Login Blocked: redirect_uri must begin with https://",
            .foreign_redirect = "Invalid Request: Request parameters are invalid: Invalid redirect_uri"};
}

} // namespace

oauth::oauth_rules rules() {
    oauth::oauth_rules made{{}, scopes(), {}, graph::registration({graph::proof_flag})};
    made.tokens.platform = "instagram";
    made.tokens.code_lifetime = std::chrono::hours{1};
    made.tokens.access_lifetime = std::chrono::hours{1};
    made.tokens.long_lived = {.lifetime = std::chrono::hours{24 * 60},
                              .minimum_age = std::chrono::hours{24},
                              .extended_in_place = false};
    made.tokens.make_token = make_token;
    made.page.title = "Instagram";
    made.page.path = authorize_path;
    made.page.check = [](form const& parameters, oauth::apps const& registered) {
        return graph::check_login(parameters, registered, login());
    };
    made.page.declines = {{"deny", "error=access_denied&error_reason=user_denied&"
                                   "error_description=The+user+denied+your+request"}};
    made.page.scopes_can_be_unticked = true;
    made.page.approved = [](oauth::authorize_request const&, std::string_view code) {
        return graph::code_and_fragment(code, "#_");
    };
    made.page.settle = graph::lets_in_only(
        tester_trait, "Insufficient Developer Role: accept the invitation to test this app on instagram.com");
    return made;
}

} // namespace connectd::sandbox::instagram
