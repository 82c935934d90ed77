// The platforms this server knows, as a customer needs them: what each can do, what to register there, and
// whether the asking workspace is set up for it.
//
// One object per I/O thread; holds references only, see services.hpp. The functions are pure.
#pragma once

#include "crypto/id.hpp"
#include "platforms/catalog.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/paging.hpp"
#include "server/services/settings.hpp"
#include "storage/kv.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::services {

// Choices are in the words of platform files (platforms/README.md), durations are those of the file.
struct platform_view {
    std::string name;
    std::string title;
    std::vector<std::string> aliases;
    std::string_view connect;    // oauth2, app_password
    bool wants_instance = false; // a session names the server
    bool wants_issuer = false;   // the app credentials name the server
    bool available = true;       // not switched off by the operator

    struct {
        std::vector<std::string> defaults;
        std::vector<std::string> required;
        std::vector<std::string> known; // empty: any may be asked for
    } scopes;

    struct {
        std::string_view model; // rotating, static, extend, relogin, none
        std::optional<std::chrono::seconds> access_lifetime;
        std::optional<std::chrono::seconds> refresh_lifetime;
        std::chrono::seconds lead_time{};
        std::chrono::seconds minimum_age{};
        std::chrono::seconds grace{};
        std::optional<std::chrono::seconds> idle_limit;
    } refresh;

    struct {
        bool refresh = false;
        bool revoke = false;
        bool choose = false; // one consent can reach several accounts, of which one or more are to be chosen
    } can;

    std::string_view client_authentication;
    std::string_view pkce;
    std::string app_platform;       // whose apps serve this platform; its own name where there is no other
    std::string redirect_uri;       // to register at the platform; empty where no browser comes back
    bool needs_credentials = false; // false: there are no apps, or this server registers them itself
    bool has_credentials = false;   // the asking workspace has
    bool has_quickstart = false;    // the operator offers an app of its own
};

// Without what belongs to a workspace.
platform_view view(platforms::descriptor const& platform, settings const& chosen);

class platform_list {
  public:
    platform_list(storage::kv& store, platforms::catalog const& catalog, settings const& chosen) noexcept
        : store_{store}, catalog_{catalog}, settings_{chosen} {}

    // By name. Errors: field_invalid (the cursor).
    runtime::task<outcome<listing<platform_view>>> list(crypto::workspace_id workspace, page_request page);

    // By name or alias; those that are switched off too. Errors: platform_not_found.
    runtime::task<outcome<platform_view>> get(crypto::workspace_id workspace, std::string name);

  private:
    runtime::task<outcome<platform_view>> look_at(crypto::workspace_id workspace,
                                                  platforms::descriptor const& platform);

    storage::kv& store_;
    platforms::catalog const& catalog_;
    settings const& settings_;
};

} // namespace connectd::server::services
