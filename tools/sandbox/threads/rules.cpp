#include "tools/sandbox/threads/rules.hpp"

#include "tools/sandbox/graph/login.hpp"
#include "tools/sandbox/threads/scopes.hpp"

namespace connectd::sandbox::threads {
namespace {

std::string make_token(oauth::token_kind kind, sys_ms) {
    return kind == oauth::token_kind::code ? graph::token_text("AQC", 120)
                                           : graph::token_text("THAA", 140, "ZD");
}

graph::login_rules login() {
    auto const basic = oauth::scope_set::of({scope::basic});
    return {.scopes = scopes(),
            .always = basic,
            .demanded = basic,
            .unknown_app = "No app ID was sent with the request. (4476002)",
            .missing_app = "No app ID was sent with the request. (4476002)",
            .insecure = "Insecure Login Blocked (1349187)",
            .foreign_redirect = "Blocked URL: the redirect URI is not among those of the app"};
}

} // namespace

oauth::oauth_rules rules() {
    oauth::oauth_rules made{{}, scopes(), {}, graph::registration()};
    made.tokens.platform = "threads";
    made.tokens.code_lifetime = std::chrono::hours{1};
    made.tokens.access_lifetime = std::chrono::hours{1};
    made.tokens.long_lived = {.lifetime = std::chrono::hours{24 * 60},
                              .minimum_age = std::chrono::hours{24},
                              .extended_in_place = false};
    made.tokens.make_token = make_token;
    made.page.title = "Threads";
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
    made.page.settle =
        graph::lets_in_only(tester_trait, "The user has not accepted the invite to test the app.");
    return made;
}

} // namespace connectd::sandbox::threads
