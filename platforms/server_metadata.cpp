#include "platforms/server_metadata.hpp"

#include "platforms/http/target.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace connectd::platforms {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_url = 2048;

using words = std::vector<std::string_view>;

bool contains(words const& list, std::string_view word) {
    return std::ranges::find(list, word) != list.end();
}

// The members by their types; of another type is as good as absent. Views the document.
class document {
  public:
    explicit document(json::object const& members) : members_(members) {}

    std::string_view text(std::string_view name) const {
        auto const* value = member(name);
        auto const* text = value == nullptr ? nullptr : value->if_string();
        return text == nullptr ? std::string_view{} : std::string_view(text->data(), text->size());
    }

    bool flag(std::string_view name) const {
        auto const* value = member(name);
        auto const* flag = value == nullptr ? nullptr : value->if_bool();
        return flag != nullptr && *flag;
    }

    std::optional<words> list(std::string_view name) const {
        auto const* value = member(name);
        auto const* items = value == nullptr ? nullptr : value->if_array();
        if (items == nullptr) {
            return std::nullopt;
        }
        words found;
        for (auto const& item : *items) {
            if (auto const* text = item.if_string()) {
                found.emplace_back(text->data(), text->size());
            }
        }
        return found;
    }

  private:
    json::value const* member(std::string_view name) const {
        return members_.if_contains(json::string_view(name.data(), name.size()));
    }

    json::object const& members_;
};

// Basic before the body, as RFC 6749 section 2.3.1 prefers. Not set: the list holds nothing we speak, only
// assertions and certificates.
std::optional<client_authentication> choose_authentication(words const& offered) {
    constexpr std::array<std::pair<std::string_view, client_authentication>, 3> known = {{
        {"client_secret_basic", client_authentication::basic},
        {"client_secret_post", client_authentication::body},
        {"none", client_authentication::none},
    }};
    for (auto const& [name, how] : known) {
        if (contains(offered, name)) {
            return how;
        }
    }
    return std::nullopt;
}

bool read_authentication(document const& said, descriptor& into) {
    // An absent list is {"client_secret_basic"}: RFC 8414 section 2.
    auto const offered =
        said.list("token_endpoint_auth_methods_supported").value_or(words{"client_secret_basic"});
    auto const chosen = choose_authentication(offered);
    if (!chosen) {
        return false;
    }
    into.client.authentication = *chosen;
    into.client.secret_required = !contains(offered, "none");
    return true;
}

// A revocation endpoint that wants what we do not speak is one we cannot call.
void read_revocation(document const& said, descriptor& into) {
    auto const offered = said.list("revocation_endpoint_auth_methods_supported");
    auto const chosen = offered ? choose_authentication(*offered) : into.client.authentication;
    if (!chosen) {
        into.endpoints.revoke_url.clear();
    } else if (*chosen != into.client.authentication) {
        into.revoke.authentication = chosen;
    }
}

void read_scopes(document const& said, descriptor& into) {
    constexpr std::string_view offline = "offline_access";
    auto& defaults = into.scopes.defaults;
    auto const known = said.list("scopes_supported");
    auto const unknown = [&](std::string const& scope) { return known && !contains(*known, scope); };
    // A server may keep scopes to itself, so a list that knows none of ours says nothing about them.
    bool const tells = known && !std::ranges::all_of(defaults, unknown);
    std::erase_if(defaults, [&](std::string const& scope) {
        return scope == offline ? !known || unknown(scope) : tells && unknown(scope);
    });
    // OpenID Connect Core 1.0 section 11: without the consent prompt the scope is ignored or refused.
    auto const prompts = said.list("prompt_values_supported");
    bool const may_ask = !prompts || contains(*prompts, "consent");
    bool const asked = std::ranges::find(defaults, offline) != defaults.end();
    bool const in_file = std::ranges::any_of(
        into.authorize.extra, [](auto const& parameter) { return parameter.first == "prompt"; });
    if (asked && may_ask && !in_file) {
        into.authorize.extra.emplace_back("prompt", "consent");
    }
}

// What a server demands or lacks that leaves no flow for us; the name of the member, or an empty view.
std::string_view unspoken(document const& said) {
    auto const lacks = [&](std::string_view name, std::string_view word) {
        auto const list = said.list(name);
        return list && !contains(*list, word);
    };
    for (auto const name : {"require_pushed_authorization_requests", "require_signed_request_object"}) {
        if (said.flag(name)) {
            return name;
        }
    }
    if (lacks("response_types_supported", "code")) {
        return "response_types_supported";
    }
    return lacks("grant_types_supported", "authorization_code") ? "grant_types_supported" : "";
}

// The endpoints that the file leaves open; the name of the one that is wrong, or an empty view.
std::string_view read_endpoints(document const& said, bool local_http, endpoint_set& into) {
    struct member {
        std::string_view name;
        std::string endpoint_set::* where;
        bool required;
    };
    constexpr std::array<member, 4> members = {{
        {"authorization_endpoint", &endpoint_set::authorize_url, true},
        {"token_endpoint", &endpoint_set::token_url, true},
        {"userinfo_endpoint", &endpoint_set::identity_url, true},
        {"revocation_endpoint", &endpoint_set::revoke_url, false},
    }};
    for (auto const& [name, where, required] : members) {
        auto const url = said.text(name);
        if (!(into.*where).empty() || (url.empty() && !required)) {
            continue;
        }
        if (!is_usable_endpoint(url, local_http)) {
            return name;
        }
        into.*where = url;
    }
    return "";
}

failure refused(std::string_view member) {
    failure failed;
    failed.what = verdict::operator_fault;
    failed.code = errc::metadata_refused;
    failed.platform_error = member;
    return failed;
}

} // namespace

bool is_local_http(std::string_view url) {
    auto const where = http::parse_target(url);
    return where && !where->tls &&
           (where->host == "localhost" || (where->literal && where->literal->is_loopback()));
}

bool is_usable_endpoint(std::string_view url, bool local_http) {
    if (url.size() > longest_url || url.find('#') != std::string_view::npos) {
        return false;
    }
    auto const where = http::parse_target(url);
    return where && (where->tls || (local_http && is_local_http(url)));
}

outcome<descriptor> descriptor_from(descriptor const& platform, std::string_view issuer,
                                    json::object const& members) {
    document const said(members);
    // RFC 8414 section 3.3: compared byte by byte, or one server could speak for another.
    if (said.text("issuer") != issuer) {
        return refused("issuer");
    }
    auto made = platform;
    made.issuer = issuer;
    if (auto const wrong = read_endpoints(said, is_local_http(issuer), made.endpoints); !wrong.empty()) {
        return refused(wrong);
    }
    if (auto const wrong = unspoken(said); !wrong.empty()) {
        return refused(wrong);
    }
    if (!made.own_authentication) {
        if (!read_authentication(said, made)) {
            return refused("token_endpoint_auth_methods_supported");
        }
        read_revocation(said, made);
    }
    if (!made.own_pkce) {
        auto const methods = said.list("code_challenge_methods_supported");
        made.pkce = methods && contains(*methods, "S256") ? pkce_method::s256 : pkce_method::none;
    }
    made.authorize.issuer = issuer;
    made.authorize.issuer_required = said.flag("authorization_response_iss_parameter_supported");
    read_scopes(said, made);
    return made;
}

} // namespace connectd::platforms
