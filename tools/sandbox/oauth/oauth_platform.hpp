// What every pretend platform with OAuth 2.0 has: apps, a consent page, grants and posts. A personality
// derives from it, gives its policy, scopes and rules, and adds its endpoints.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/oauth/authorization.hpp"
#include "tools/sandbox/platform.hpp"
#include "tools/sandbox/posts.hpp"

namespace connectd::sandbox::oauth {

struct oauth_rules {
    policy tokens;
    scope_catalog scopes;
    authorize_rules page;
    app_rules registration{};
};

class oauth_platform : public platform {
  public:
    oauth_platform(oauth_rules rules, platform_parts const& parts);

    std::size_t end_by_user(person_ref who, std::string_view client_id, sys_ms now) override;
    void reset() override;
    oauth_platform* as_oauth() noexcept override { return this; }

    // The apps that are there from the start. `redirect_uris` are connectd's, or those asked for.
    virtual std::vector<app> first_apps(std::vector<std::string> redirect_uris) const;

    // The names that connectd's callback may have for this platform.
    virtual std::vector<std::string_view> callback_names() const { return {name()}; }

    // What the control API works on.
    oauth::apps& apps() noexcept { return apps_; }
    oauth::grants& grants() noexcept { return grants_; }
    oauth::grants const& grants() const noexcept { return grants_; }
    oauth::authorization& authorization() noexcept { return authorization_; }
    sandbox::posts& posts() noexcept { return posts_; }
    scope_catalog const& scopes() const noexcept { return scopes_; }

  protected:
    people& persons() const noexcept { return people_; }
    journal& events() const noexcept { return events_; }
    std::string const& url() const noexcept { return url_; }

  private:
    people& people_;
    journal& events_;
    std::string const url_;
    scope_catalog const scopes_;
    oauth::apps apps_;
    oauth::grants grants_;
    sandbox::posts posts_;
    oauth::authorization authorization_;
};

// The app that every platform with OAuth has from the start, and its public sibling where there is one.
constexpr std::string_view first_client_id = "sandbox-app";
constexpr std::string_view first_client_secret = "sandbox-app-secret";
constexpr std::string_view first_public_client_id = "sandbox-native-app";

} // namespace connectd::sandbox::oauth
