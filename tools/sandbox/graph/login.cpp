#include "tools/sandbox/graph/login.hpp"

#include "crypto/digest.hpp"
#include "crypto/random.hpp"

#include <algorithm>

namespace connectd::sandbox::graph {
namespace {

using oauth::checked;

bool stays_on_this_machine(std::string_view uri) {
    constexpr std::string_view scheme = "http://";
    if (!uri.starts_with(scheme))
        return false;
    auto const rest = uri.substr(scheme.size());
    auto const host = rest.substr(0, rest.find_first_of(rest.starts_with('[') ? "/" : ":/"));
    return host == "localhost" || host == "127.0.0.1" || host.starts_with("[::1]");
}

bool secure(std::string_view uri, oauth::app const& client) {
    return uri.starts_with("https://") || (stays_on_this_machine(uri) && !client.has_flag(live_flag));
}

struct asked_scopes {
    oauth::scope_set known;
    std::string unknown{}; // those that the product or this app does not have, as a list
};

// Commas and spaces both part them, and a run of them parts once.
asked_scopes read_scopes(std::string_view text, oauth::app const& client,
                         oauth::scope_catalog const& catalog) {
    asked_scopes asked;
    while (!text.empty()) {
        auto const end = text.find_first_of(", ");
        std::string const name{text.substr(0, end)};
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (name.empty())
            continue;
        auto const row = catalog.find(name);
        bool const granted =
            client.scopes.empty() || std::ranges::find(client.scopes, name) != client.scopes.end();
        if (row && granted)
            asked.known = asked.known.with(*row);
        else
            asked.unknown += (asked.unknown.empty() ? "" : ", ") + name;
    }
    return asked;
}

std::string invalid_scopes(std::string_view names) {
    return "Invalid Scopes: " + std::string{names} +
           ". This message is only shown to developers. Users of your app will ignore these permissions if "
           "present. Please read the documentation for valid permissions at: "
           "https://developers.facebook.com/docs/facebook-login/permissions";
}

// A configuration of the dashboard names the scopes of the app itself.
oauth::scope_set configured(oauth::app const& client, oauth::scope_catalog const& catalog) {
    oauth::scope_set all;
    for (auto const& name : client.scopes) {
        if (auto const row = catalog.find(name))
            all = all.with(*row);
    }
    return all;
}

std::string take_scopes(form const& parameters, login_rules const& rules, oauth::authorize_request& into) {
    if (rules.business_login && parameters.has("config_id")) {
        into.scopes = configured(*into.client, rules.scopes);
        into.all_or_nothing = true;
    } else {
        auto const asked = read_scopes(parameters.get("scope"), *into.client, rules.scopes);
        if (!asked.unknown.empty())
            return invalid_scopes(asked.unknown);
        into.scopes = asked.known;
    }
    if (!into.scopes.has_all(rules.demanded))
        return "Invalid Scopes: " + rules.scopes.to_text(rules.demanded, ", ") + " cannot be left out";
    if (into.scopes.empty())
        return "The parameter scope is required";
    into.scopes = into.scopes.with_all(rules.always);
    into.kept = rules.always.with_all(rules.demanded);
    into.skips_declined = rules.business_login && parameters.get("auth_type") != "rerequest";
    return {};
}

std::string take_redirect(form const& parameters, login_rules const& rules, oauth::authorize_request& into) {
    into.redirect_uri = parameters.get("redirect_uri");
    if (into.redirect_uri.empty())
        return "The parameter redirect_uri is required";
    if (!secure(into.redirect_uri, *into.client))
        return std::string{rules.insecure};
    return into.client->has_redirect_uri(into.redirect_uri) ? "" : std::string{rules.foreign_redirect};
}

} // namespace

checked check_login(form const& parameters, oauth::apps const& registered, login_rules const& rules) {
    oauth::authorize_request request;
    if (parameters.get("client_id").empty())
        return {{}, std::string{rules.missing_app}};
    request.client = registered.find(parameters.get("client_id"));
    if (!request.client)
        return {{}, std::string{rules.unknown_app}};
    if (auto problem = take_redirect(parameters, rules, request); !problem.empty())
        return {{}, std::move(problem)};
    auto const type = parameters.get("response_type");
    if (type != "code" && (rules.response_type_required || !type.empty()))
        return {{}, "response_type must be code: what comes in a fragment no server can read"};
    if (auto problem = take_scopes(parameters, rules, request); !problem.empty())
        return {{}, std::move(problem)};
    request.state = parameters.get("state");
    return {std::move(request), {}};
}

oauth::app_rules registration(std::vector<std::string_view> more) {
    more.push_back(live_flag);
    more.push_back(unpublished_flag);
    return {std::move(more), [](oauth::app const& candidate) -> std::string {
                for (auto const& uri : candidate.redirect_uris) {
                    if (!secure(uri, candidate))
                        return "redirect_uris must be https, or stay on this machine while the app is not "
                               "live: " +
                               uri;
                }
                return {};
            }};
}

std::function<std::string(oauth::authorize_request&, oauth::consenting const&)>
lets_in_only(std::string_view trait, std::string_view words) {
    return [trait, words](oauth::authorize_request const& asked, oauth::consenting const& by) {
        bool const stranger = asked.client->has_flag(unpublished_flag) && !by.who.has_trait(trait);
        return stranger ? std::string{words} : std::string{};
    };
}

std::string code_and_fragment(std::string_view code, std::string_view fragment) {
    return "code=" + percent_encode(code) + std::string{fragment};
}

std::string token_text(std::string_view begin, std::size_t length, std::string_view end) {
    std::string text{begin};
    while (text.size() < begin.size() + length) {
        auto const more = crypto::random_token(length);
        std::ranges::copy_if(more, std::back_inserter(text), [](char c) { return c != '-' && c != '_'; });
    }
    text.resize(begin.size() + length);
    return text.append(end);
}

std::string app_scoped_id(std::string_view kind, std::string_view client_id, person const& who) {
    auto const digest = crypto::sha256(client_id);
    auto const share = std::to_string((digest[0] * 256U + digest[1]) % 100 + 100).substr(1);
    auto number = std::to_string(who.number);
    number.insert(0, number.size() < 13 ? 13 - number.size() : 0, '0');
    return std::string{kind} + share + number;
}

} // namespace connectd::sandbox::graph
