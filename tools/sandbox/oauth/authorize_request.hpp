// A request for authorization that was found right, and what a platform lets its page do with one. Values.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/oauth/apps.hpp"
#include "tools/sandbox/oauth/challenge.hpp"
#include "tools/sandbox/oauth/scopes.hpp"
#include "tools/sandbox/people.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::oauth {

struct authorize_request {
    std::shared_ptr<app const> client;
    std::string redirect_uri;
    scope_set scopes;
    std::string state;
    challenge bound;
    // As of code_request.
    bool offline = true;
    std::optional<std::chrono::seconds> refresh_lifetime{};
    bool refresh_renews = true;
    std::optional<std::chrono::seconds> access_lifetime{};
    bool reuses_token = false;
    std::string nonce{};
    // Where the browser goes in the end, when that is not the redirect URI: to a page that shows the code.
    std::string shown_at{};
    // What the person cannot leave out; whether leaving out any of the rest leaves out all of it; and whether
    // what they left out before is not asked for again.
    scope_set kept{};
    bool all_or_nothing = false;
    bool skips_declined = false;
};

class grants;

// Who consents to a request. Valid during the call that gets it.
struct consenting {
    person const& who;
    person_ref ref;
    grants const& issued;   // for what they allowed before
    form const& parameters; // of the request, as they came
};

// What became of the parameters of a request: exactly one of the three is set.
struct checked {
    std::optional<authorize_request> request;
    std::string problem;    // for a page that never goes back to the client
    std::string location{}; // where the browser goes at once with an error
};

// A way to say no: what the decision is called, and what is sent back for it, form-encoded and without the
// state.
struct decline {
    std::string_view decision;
    std::string_view query;
};

// `code=...`, which is what most platforms send back.
std::string code_alone(authorize_request const& given, std::string_view code);

struct authorize_rules {
    std::string_view title; // of the platform, for people
    std::string_view path;  // where the page posts the decision
    std::function<checked(form const& parameters, apps const& registered)> check;
    std::vector<decline> declines{{"deny", "error=access_denied"}};
    bool scopes_can_be_unticked = false;
    // What the platform makes of a right request once it knows who says yes. It may change the request; a
    // text is the problem of a page that never goes back.
    std::function<std::string(authorize_request& asked, consenting const& by)> settle =
        [](authorize_request&, consenting const&) { return std::string{}; };
    // What is sent back for a yes, form-encoded and without the state.
    std::function<std::string(authorize_request const& given, std::string_view code)> approved = code_alone;
    // The ids of what a person may pick from (their pages); nothing: this page has no such choice.
    std::function<std::optional<std::vector<std::string>>(person const& who)> assets = [](person const&) {
        return std::optional<std::vector<std::string>>{};
    };
};

// The place that a query is sent to, with the state behind it unless that is empty.
std::string back_to(std::string_view redirect_uri, std::string_view query, std::string_view state);

} // namespace connectd::sandbox::oauth
