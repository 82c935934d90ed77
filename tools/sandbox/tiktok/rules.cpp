#include "tools/sandbox/tiktok/rules.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "tools/sandbox/tiktok/scopes.hpp"

#include <algorithm>
#include <array>

namespace connectd::sandbox::tiktok {
namespace {

using oauth::checked;

constexpr std::size_t longest_redirect = 512;
constexpr std::size_t most_redirects = 10;

std::string make_token(oauth::token_kind kind, sys_ms) {
    auto const inner = crypto::random_token(30);
    switch (kind) {
    case oauth::token_kind::code:
        return inner + "*0!4523.e1"; // characters that have to survive one decoding and one encoding
    case oauth::token_kind::refresh:
        return "rft." + inner;
    default:
        return "act." + inner;
    }
}

bool of_this_machine(std::string_view uri) {
    for (std::string_view const start :
         {"http://127.0.0.1:", "http://localhost:", "https://127.0.0.1:", "https://localhost:"}) {
        if (uri.starts_with(start))
            return true;
    }
    return false;
}

// A desktop app may have registered any port, as `*`.
bool is_registered(oauth::app const& client, std::string_view uri) {
    if (client.has_redirect_uri(uri))
        return uri.find('*') == std::string_view::npos;
    return std::ranges::any_of(client.redirect_uris, [&](std::string_view registered) {
        auto const star = registered.find(":*");
        if (star == std::string_view::npos || !uri.starts_with(registered.substr(0, star + 1)))
            return false;
        auto const rest = uri.substr(star + 1);
        auto const digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        return digits > 0 && rest.substr(digits) == registered.substr(star + 2);
    });
}

// Scopes are added to an app one by one and reviewed.
bool may_ask_for(oauth::app const& client, oauth::scope_set asked) {
    oauth::scope_set allowed;
    for (auto const& name : client.scopes) {
        if (auto const row = scopes().find(name))
            allowed = allowed.with(*row);
    }
    return client.scopes.empty() || allowed.with(scope::user_info_basic).has_all(asked);
}

// The challenge of a desktop app is taken as it is; that it is hexadecimal shows when the code is exchanged.
// A web app need not send one.
std::string read_pkce(form const& parameters, oauth::authorize_request& into) {
    bool const needed = into.client->has_flag(desktop);
    auto const challenge = parameters.get("code_challenge");
    if (challenge.empty())
        return needed ? "code_challenge" : "";
    if (parameters.get("code_challenge_method") != "S256")
        return "code_challenge_method";
    // A web app is checked by the form that its challenge has.
    bool const hex = needed || challenge.size() == 64;
    into.bound = {hex ? oauth::transform::s256_hex : oauth::transform::s256, std::string{challenge}};
    return {};
}

checked check(form const& parameters, oauth::apps const& registered) {
    if (parameters.has("client_id") || !parameters.has("client_key"))
        return {{}, "client_key"};
    oauth::authorize_request request;
    request.client = registered.find(parameters.get("client_key"));
    if (!request.client)
        return {{}, "client_key"};
    request.redirect_uri = parameters.get("redirect_uri");
    if (!is_registered(*request.client, request.redirect_uri))
        return {{}, "redirect_uri"};
    if (parameters.get("response_type") != "code")
        return {{}, "response_type"};
    request.state = parameters.get("state");
    if (request.state.empty())
        return {{}, "state"};
    auto const asked = scopes().read(parameters.get("scope"), ',');
    if (asked.unknown || !may_ask_for(*request.client, asked.scopes))
        return {{}, "scope"};
    request.scopes = asked.scopes.with(scope::user_info_basic);
    if (auto problem = read_pkce(parameters, request); !problem.empty())
        return {{}, std::move(problem)};
    return {std::move(request), {}};
}

std::string check_app(oauth::app const& candidate) {
    if (candidate.redirect_uris.size() > most_redirects)
        return "at most 10 redirect URIs";
    for (auto const& uri : candidate.redirect_uris) {
        if (auto problem = redirect_problem(uri, candidate.has_flag(desktop)); !problem.empty())
            return problem;
    }
    return {};
}

} // namespace

std::string redirect_problem(std::string_view uri, bool for_desktop) {
    if (uri.size() >= longest_redirect)
        return "a redirect URI must be shorter than 512 characters";
    if (for_desktop)
        return of_this_machine(uri)
                   ? ""
                   : "a redirect URI of a desktop app is at localhost or 127.0.0.1, with a port";
    if (!uri.starts_with("https://") || of_this_machine(uri) || uri.starts_with("https://localhost"))
        return "a redirect URI of a web app is https, and not of this machine";
    return uri.find_first_of("?#") == std::string_view::npos
               ? ""
               : "a redirect URI has neither query nor fragment";
}

std::string open_id_of(person_ref who, std::string_view client_key) {
    auto hex =
        crypto::encode_hex(crypto::sha256(std::to_string(who) + " " + std::string{client_key})).substr(0, 32);
    for (auto const at : {8, 13, 18, 23})
        hex.insert(static_cast<std::size_t>(at), "-");
    return hex;
}

std::string username_of(person const& who) {
    return who.name + ".sandbox";
}

std::span<std::string_view const> person_traits() {
    static constexpr std::array<std::string_view, 3> names{"tiktok_public_account", "tiktok_banned",
                                                           "tiktok_posted_enough"};
    return names;
}

oauth::oauth_rules rules() {
    oauth::oauth_rules made{{}, scopes(), {}, {}};
    made.tokens.platform = "tiktok";
    made.tokens.code_lifetime = std::chrono::minutes{10};
    made.tokens.access_lifetime = access_lifetime;
    made.tokens.refresh = {
        .how = oauth::refreshing::rotates, .lifetime = std::chrono::days{180}, .renews = false};
    made.tokens.revocation = oauth::revoking::grant;
    made.tokens.make_token = make_token;
    made.page.title = "TikTok";
    made.page.path = authorize_path;
    made.page.check = check;
    made.page.declines = {{"deny", "error=access_denied&error_description=The+user+denied+the+request"}};
    made.page.scopes_can_be_unticked = true;
    made.page.approved = [](oauth::authorize_request const& given, std::string_view code) {
        return "code=" + percent_encode(code) +
               "&scopes=" + percent_encode(scopes().to_text(given.scopes.with(scope::user_info_basic), ","));
    };
    made.registration = {{desktop, verified_media, "audited", "user_cap_reached"}, check_app};
    return made;
}

} // namespace connectd::sandbox::tiktok
