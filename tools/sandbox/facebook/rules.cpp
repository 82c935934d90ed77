#include "tools/sandbox/facebook/rules.hpp"

#include "tools/sandbox/facebook/scopes.hpp"
#include "tools/sandbox/graph/gate.hpp"
#include "tools/sandbox/graph/login.hpp"
#include "tools/sandbox/graph/owned.hpp"

namespace connectd::sandbox::facebook {
namespace {

std::string make_token(oauth::token_kind kind, sys_ms) {
    return kind == oauth::token_kind::code ? graph::token_text("AQ", 120)
                                           : graph::token_text("EAA", 160, "ZD");
}

graph::login_rules login() {
    return {.scopes = scopes(),
            .always = oauth::scope_set::of({scope::public_profile}),
            .demanded = {},
            .response_type_required = false,
            .business_login = true,
            .unknown_app = "Invalid App ID: The provided app ID does not look like a valid app ID.",
            .missing_app = "The parameter app_id is required",
            .insecure = "Insecure Login Blocked: You can't get an access token or log in to this app from an "
                        "insecure page. Try re-loading the page as https://",
            .foreign_redirect =
                "URL Blocked: This redirect failed because the redirect URI is not whitelisted in the app's "
                "Client OAuth Settings."};
}

std::optional<std::vector<std::string>> pages_of(person const& who) {
    std::vector<std::string> ids;
    for (auto const& each : graph::assets_of(who).pages)
        ids.push_back(each.id);
    return ids;
}

} // namespace

// How long a code lives nobody says; ten minutes is what RFC 6749 recommends. A short token lives one to two
// hours.
oauth::oauth_rules rules() {
    oauth::oauth_rules made{{}, scopes(), {}, graph::registration({graph::proof_flag})};
    made.tokens.platform = "facebook";
    made.tokens.code_lifetime = std::chrono::seconds{600};
    made.tokens.access_lifetime = std::chrono::seconds{5108};
    made.tokens.long_lived = {.lifetime = std::chrono::hours{24 * 60}, .exchanged_again = true};
    made.tokens.revocation = oauth::revoking::person;
    made.tokens.make_token = make_token;
    made.page.title = "Facebook";
    made.page.path = dialog_path;
    made.page.check = [](form const& parameters, oauth::apps const& registered) {
        return graph::check_login(parameters, registered, login());
    };
    made.page.declines = {
        {"deny", "error_reason=user_denied&error=access_denied&error_description=Permissions+error"}};
    made.page.scopes_can_be_unticked = true;
    made.page.approved = [](oauth::authorize_request const&, std::string_view code) {
        return graph::code_and_fragment(code, "#_=_");
    };
    made.page.settle = graph::lets_in_only(
        role_trait,
        "App not active: This app is not currently accessible and the app developer is aware of the issue.");
    made.page.assets = pages_of;
    return made;
}

} // namespace connectd::sandbox::facebook
