// The questions that every way of connecting asks first: which platform, which profile, which account to
// reconnect.
#pragma once

#include "crypto/id.hpp"
#include "platforms/catalog.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/settings.hpp"
#include "storage/kv.hpp"
#include "storage/tables/sessions.hpp"

#include <optional>
#include <string>

namespace connectd::server::services {

// By name or alias. Never null. Errors: platform_unknown, platform_not_available.
outcome<platforms::descriptor const*> choose_platform(platforms::catalog const& catalog,
                                                      settings const& chosen, std::string_view name);

// The platform whose apps serve `platform`: another one where its file says so.
std::string const& app_platform(platforms::descriptor const& platform) noexcept;

// Whether each app of this platform says itself which server it belongs to, by its issuer.
bool wants_issuer(platforms::descriptor const& platform) noexcept;

// Where the platform of that name sends the browser back to; to be registered there.
std::string redirect_uri(settings const& chosen, std::string_view platform);

// The one a session was begun with: platforms want the same again with the code.
std::string redirect_uri(settings const& chosen, storage::session const& begun);

// Which server of a platform that is many: the origin of the one typed, or that of the account to reconnect
// (`of_account`, may be empty). Empty where the platform is one server, or its servers are named by apps.
// Errors: field_invalid (`instance`).
outcome<std::string> choose_instance(platforms::descriptor const& platform,
                                     std::optional<std::string> const& typed, std::string const& of_account);

struct connect_target {
    crypto::profile_id profile;
    std::optional<crypto::account_id> reconnect;
    // Of the account to reconnect: where it is, and the app it came with.
    std::string instance{};
    crypto::credentials_id credentials{};
    bool quickstart = false;
};

// The profile named, that of the account to reconnect, or the workspace's default one.
// Errors: profile_not_found, account_not_found, field_invalid (an account of another platform or profile).
runtime::task<outcome<connect_target>> choose_target(storage::kv& store, crypto::workspace_id workspace,
                                                     std::string platform,
                                                     std::optional<std::string> profile_id,
                                                     std::optional<std::string> account_id);

} // namespace connectd::server::services
