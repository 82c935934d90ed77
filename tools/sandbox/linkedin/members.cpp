#include "tools/sandbox/linkedin/members.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "tools/sandbox/html.hpp"
#include "tools/sandbox/oauth/id_token.hpp"
#include "tools/sandbox/time_text.hpp"

namespace connectd::sandbox::linkedin {
namespace {

constexpr resource userinfo_get{"userinfo.GET", 1, oauth::scope_set::of({scope::openid}), 500};
constexpr resource me_get{"me.GET", 2, oauth::scope_set::of({scope::r_basicprofile}), 500};
constexpr std::string_view issuer = "https://www.linkedin.com/oauth";

struct names {
    std::string given, family;
};

names names_of(person const& who) {
    auto const space = who.display_name.rfind(' ');
    if (space == std::string::npos)
        return {who.display_name, ""};
    return {who.display_name.substr(0, space), who.display_name.substr(space + 1)};
}

boost::json::object locale() {
    return {{"country", "US"}, {"language", "en"}};
}

boost::json::object localized(std::string_view text) {
    return {{"localized", boost::json::object{{"en_US", text}}}, {"preferredLocale", locale()}};
}

} // namespace

std::string member_id(person const& who, std::string_view client_id) {
    auto const digest =
        crypto::sha256("member " + std::to_string(who.number) + " of " + std::string{client_id});
    return crypto::encode_base64url(digest).substr(0, 10);
}

std::string member_urn(person const& who, std::string_view client_id) {
    return "urn:li:person:" + member_id(who, client_id);
}

members::members(people const& persons, gate& door, std::string public_url)
    : people_{persons}, gate_{door}, public_url_{std::move(public_url)} {}

boost::json::object members::claims(oauth::access const& caller) const {
    auto const who = people_.at(caller.person);
    auto const [given, family] = names_of(*who);
    boost::json::object all{{"sub", member_id(*who, caller.client_id)}};
    if (caller.scopes.has(scope::profile)) {
        all["name"] = who->display_name;
        all["given_name"] = given;
        all["family_name"] = family;
        if (!who->bare_profile)
            all["picture"] = public_url_ + "/dms/image/" + who->name + "?e=1790000000&v=beta&t=signed";
        all["locale"] = locale();
    }
    if (caller.scopes.has(scope::email)) {
        all["email"] = who->email;
        all["email_verified"] = true;
    }
    return all;
}

reply members::userinfo(call const& request, sys_ms now) {
    auto const caller = gate_.enter(request, userinfo_get, "NO_VERSION", now);
    if (auto const* const refusal = std::get_if<reply>(&caller))
        return *refusal;
    return json_reply(200, claims(std::get<oauth::access>(caller)), "application/json");
}

reply members::me(call const& request, sys_ms now) {
    auto const entered = gate_.enter(request, me_get, "NO_VERSION", now);
    if (auto const* const refusal = std::get_if<reply>(&entered))
        return *refusal;
    auto const& caller = std::get<oauth::access>(entered);
    auto const who = people_.at(caller.person);
    auto const [given, family] = names_of(*who);
    boost::json::object body{{"id", member_id(*who, caller.client_id)},
                             {"localizedFirstName", given},
                             {"localizedLastName", family},
                             {"firstName", localized(given)},
                             {"lastName", localized(family)},
                             {"vanityName", who->name + "-pretend"}};
    if (!who->bare_profile)
        body["profilePicture"] =
            boost::json::object{{"displayImage", "urn:li:digitalmediaAsset:" + who->name}};
    return json_reply(200, body, "application/json");
}

std::string members::id_token(oauth::tokens const& issued, sys_ms now) const {
    auto all = claims(issued.granted);
    all["iss"] = issuer;
    all["aud"] = issued.granted.client_id;
    all["iat"] = unix_seconds(now);
    all["exp"] = unix_seconds(now) + 3600;
    if (!issued.nonce.empty())
        all["nonce"] = issued.nonce;
    return oauth::sign_id_token(all);
}

reply members::picture(call const& request) const {
    auto const name = request.path.substr(request.path.rfind('/') + 1);
    for (auto const& each : people_.list()) {
        if (each->name == name)
            return {200, "image/svg+xml", {}, avatar_svg(each->display_name, each->x_id)};
    }
    return {200, "image/svg+xml", {}, avatar_svg("Fresh Person", name)};
}

} // namespace connectd::sandbox::linkedin
