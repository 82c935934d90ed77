#include "tools/sandbox/bluesky/documents.hpp"

#include "tools/sandbox/bluesky/identifiers.hpp"

#include <boost/json/array.hpp>

#include <string>

namespace connectd::sandbox::bluesky {

boost::json::object did_document(person const& who, std::string_view pds) {
    auto const& did = who.did;
    boost::json::object const key{{"id", did + "#atproto"},
                                  {"type", "Multikey"},
                                  {"controller", did},
                                  {"publicKeyMultibase", "zQ3sh" + base32_lower(did).substr(0, 43)}};
    boost::json::object const service{{"id", (who.full_service_id ? did : "") + "#atproto_pds"},
                                      {"type", "AtprotoPersonalDataServer"},
                                      {"serviceEndpoint", pds}};
    return {{"@context",
             boost::json::array{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"}},
            {"id", did},
            {"alsoKnownAs", boost::json::array{"at://" + who.handle}},
            {"verificationMethod", boost::json::array{key}},
            {"service", boost::json::array{service}}};
}

boost::json::object account_object(person const& who, std::string_view pds) {
    boost::json::object account{{"did", who.did},
                                {"didDoc", did_document(who, pds)},
                                {"handle", who.handle},
                                {"email", who.email},
                                {"emailConfirmed", true},
                                {"emailAuthFactor", who.email_auth_factor},
                                {"active", who.state == account_state::active}};
    if (who.state != account_state::active)
        account.emplace("status", to_string(who.state));
    return account;
}

boost::json::object profile_object(person const& who, std::string_view appview) {
    boost::json::object profile{{"did", who.did}, {"handle", who.handle}};
    if (!who.bare_profile) {
        profile.emplace("displayName", who.display_name);
        profile.emplace("avatar", std::string{appview} + "/img/avatar/plain/" + who.did + "/" +
                                      make_cid(who.display_name) + "@svg");
    }
    profile.emplace("followersCount", 0);
    profile.emplace("followsCount", 0);
    profile.emplace("postsCount", 0);
    profile.emplace("labels", boost::json::array{});
    return profile;
}

} // namespace connectd::sandbox::bluesky
