// The login dialogs of Meta's products: what their requests and their apps must be like. They share the shape
// and differ in words and scopes.
//
// Values and pure functions; any thread.
#pragma once

#include "tools/sandbox/oauth/oauth_platform.hpp"

#include <string>
#include <string_view>

namespace connectd::sandbox::graph {

// Flags of apps. A live app has no redirect URI without TLS; one that is not published lets in only people
// with a role.
constexpr std::string_view live_flag = "live";
constexpr std::string_view unpublished_flag = "unpublished";

struct login_rules {
    oauth::scope_catalog scopes;
    oauth::scope_set always;   // granted and kept whatever is asked for and left ticked
    oauth::scope_set demanded; // without these in the request there is no page
    bool response_type_required = true;
    // Whether `config_id` may stand for the scopes, and `auth_type=rerequest` asks for declined ones again.
    bool business_login = false;
    std::string_view unknown_app;
    std::string_view missing_app;
    std::string_view insecure;
    std::string_view foreign_redirect;
};

oauth::checked check_login(form const& parameters, oauth::apps const& registered, login_rules const& rules);

// What every product of the family demands of its apps: redirect URIs with TLS, except those that stay on
// this machine while the app is not live. `more` are the flags of one product.
oauth::app_rules registration(std::vector<std::string_view> more = {});

// Turns people away from an app that is not published, in these words, unless they have the trait.
// Requires: both in static storage.
std::function<std::string(oauth::authorize_request&, oauth::consenting const&)>
lets_in_only(std::string_view trait, std::string_view words);

// `code=...` with a fragment behind it, as these dialogs send it back.
std::string code_and_fragment(std::string_view code, std::string_view fragment);

// Tokens and codes: a beginning that is always the same, letters and digits.
std::string token_text(std::string_view begin, std::size_t length, std::string_view end = {});

// What clients and scopes say of each other: the id that one app knows a person by. `kind` tells products
// apart: two digits.
std::string app_scoped_id(std::string_view kind, std::string_view client_id, person const& who);

} // namespace connectd::sandbox::graph
