// Metadata of an invented server, and a platform that is found by it.
#pragma once

#include "platforms/descriptor.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <string_view>

namespace connectd::tests {

inline constexpr std::string_view usual_issuer = "https://id.example/tenant";

inline constexpr std::string_view usual_metadata = R"({
  "issuer": "https://id.example/tenant",
  "authorization_endpoint": "https://id.example/tenant/auth",
  "token_endpoint": "https://id.example/tenant/token",
  "userinfo_endpoint": "https://id.example/tenant/me",
  "revocation_endpoint": "https://id.example/tenant/revoke",
  "response_types_supported": ["code", "id_token"],
  "grant_types_supported": ["authorization_code", "refresh_token"],
  "scopes_supported": ["openid", "offline_access", "profile", "email"],
  "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
  "code_challenge_methods_supported": ["plain", "S256"],
  "authorization_response_iss_parameter_supported": true
})";

// With one member changed to `value` (JSON); an empty value removes it.
inline std::string metadata_with(std::string_view member, std::string_view value) {
    auto document = boost::json::parse(usual_metadata);
    if (value.empty()) {
        document.as_object().erase(member);
    } else {
        document.as_object()[member] = boost::json::parse(value);
    }
    return boost::json::serialize(document);
}

inline platforms::descriptor found_by_issuer() {
    platforms::descriptor made;
    made.name = "any";
    made.instances = platforms::instance_kind::issuer;
    made.scopes.defaults = {"openid", "profile", "email", "offline_access"};
    made.identity.id = {"/sub"};
    return made;
}

} // namespace connectd::tests
