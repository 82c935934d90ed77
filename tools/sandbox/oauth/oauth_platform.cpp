#include "tools/sandbox/oauth/oauth_platform.hpp"

namespace connectd::sandbox::oauth {

oauth_platform::oauth_platform(oauth_rules rules, platform_parts const& parts)
    : people_{parts.persons},
      events_{parts.events},
      url_{parts.url},
      scopes_{rules.scopes},
      apps_{std::move(rules.registration)},
      grants_{rules.tokens, parts.events, parts.most_grants},
      authorization_{std::move(rules.page), rules.scopes,      parts.persons, apps_, grants_,
                     parts.events,          parts.auto_approve} {}

std::size_t oauth_platform::end_by_user(person_ref who, std::string_view client_id, sys_ms now) {
    return grants_.end_by_user(who, client_id, now);
}

void oauth_platform::reset() {
    grants_.clear();
    posts_.clear();
    limits().clear();
}

std::vector<app> oauth_platform::first_apps(std::vector<std::string> redirect_uris) const {
    return {{std::string{first_client_id}, std::string{first_client_secret}, "Sandbox App", true,
             std::move(redirect_uris)}};
}

} // namespace connectd::sandbox::oauth
