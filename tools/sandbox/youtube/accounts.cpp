#include "tools/sandbox/youtube/accounts.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "tools/sandbox/oauth/id_token.hpp"
#include "tools/sandbox/pictures.hpp"
#include "tools/sandbox/time_text.hpp"
#include "tools/sandbox/youtube/rules.hpp"
#include "tools/sandbox/youtube/scopes.hpp"

#include <boost/json/array.hpp>

namespace connectd::sandbox::youtube {

std::string account_id(person const& who) {
    auto const number = std::to_string(who.number);
    return "108" + std::string(18 - number.size(), '0') + number;
}

std::string made_up_id(std::string_view prefix, std::string_view seed, std::size_t length) {
    auto const text = crypto::encode_base64url(crypto::sha256(seed));
    return std::string{prefix} + text.substr(0, length - prefix.size());
}

std::string channel_id(person const& who) {
    return made_up_id("UC", "channel " + std::to_string(who.number), 24);
}

boost::json::object user_info(person const& who, oauth::scope_set allowed, std::string_view origin) {
    boost::json::object info{{"sub", account_id(who)}};
    if (allowed.has(scope::profile)) {
        info.emplace("name", who.display_name);
        info.emplace("given_name", who.display_name.substr(0, who.display_name.find(' ')));
        info.emplace("picture", picture_url(origin, who));
    }
    if (allowed.has(scope::email)) {
        info.emplace("email", who.email);
        info.emplace("email_verified", true);
    }
    return info;
}

std::string id_token(person const& who, oauth::tokens const& issued, std::string_view origin, sys_ms now) {
    auto claims = user_info(who, issued.granted.scopes, origin);
    auto const life = issued.granted.expires_in.value_or(std::chrono::seconds{0});
    claims.emplace("iss", issuer);
    claims.emplace("azp", issued.granted.client_id);
    claims.emplace("aud", issued.granted.client_id);
    claims.emplace("at_hash", oauth::half_hash(issued.access_token));
    claims.emplace("iat", unix_seconds(now));
    claims.emplace("exp", unix_seconds(now + life));
    if (!issued.nonce.empty())
        claims.emplace("nonce", issued.nonce);
    return oauth::sign_id_token(claims);
}

boost::json::object discovery(std::string_view origin) {
    auto const at = [&](std::string_view path) { return std::string{origin}.append(path); };
    boost::json::array const methods{"client_secret_post", "client_secret_basic"};
    return {{"issuer", issuer},
            {"authorization_endpoint", at(authorize_path)},
            {"token_endpoint", at(token_path)},
            {"userinfo_endpoint", at(userinfo_path)},
            {"revocation_endpoint", at(revoke_path)},
            {"jwks_uri", at(keys_path)},
            {"response_types_supported", boost::json::array{"code", "token", "id_token", "none"}},
            {"subject_types_supported", boost::json::array{"public"}},
            {"id_token_signing_alg_values_supported", boost::json::array{"RS256"}},
            {"scopes_supported", boost::json::array{"openid", "email", "profile"}},
            {"token_endpoint_auth_methods_supported", methods},
            {"claims_supported", boost::json::array{"aud", "email", "email_verified", "exp", "given_name",
                                                    "iat", "iss", "name", "picture", "sub"}},
            {"code_challenge_methods_supported", boost::json::array{"plain", "S256"}},
            {"grant_types_supported", boost::json::array{"authorization_code", "refresh_token"}},
            {"authorization_response_iss_parameter_supported", true}};
}

} // namespace connectd::sandbox::youtube
