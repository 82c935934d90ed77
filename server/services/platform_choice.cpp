#include "server/services/platform_choice.hpp"

#include "platforms/instance.hpp"
#include "server/services/input.hpp"
#include "storage/tables/accounts.hpp"
#include "storage/tables/profiles.hpp"
#include "storage/tables/workspaces.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

runtime::task<outcome<connect_target>> target_of_account(storage::kv& store, crypto::workspace_id workspace,
                                                         std::string platform, std::string account_id) {
    auto const id = parse_id<crypto::account_id>(account_id, errc::account_not_found, "account_id");
    if (id.has_error()) {
        co_return id.error();
    }
    auto const row = co_await storage::accounts::get(store, workspace, *id);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return failure{errc::account_not_found, {}, "account_id"};
    }
    if ((*row)->record.platform != platform) {
        co_return failure{errc::field_invalid, "This account is on " + (*row)->record.platform + ".",
                          "account_id"};
    }
    auto const& account = (*row)->record;
    co_return connect_target{account.profile, *id, account.instance, account.credentials, account.quickstart};
}

} // namespace

outcome<platforms::descriptor const*> choose_platform(platforms::catalog const& catalog,
                                                      settings const& chosen, std::string_view name) {
    auto const* found = catalog.find(name);
    if (found == nullptr) {
        std::string known;
        for (auto const* platform : catalog.all()) {
            known += (known.empty() ? "" : ", ") + platform->name;
        }
        return failure{errc::platform_unknown, "The platforms are: " + known + ".", "platform"};
    }
    if (chosen.disabled_platforms.contains(found->name)) {
        return failure{errc::platform_not_available, found->title + " is switched off on this server.",
                       "platform"};
    }
    return found;
}

std::string const& app_platform(platforms::descriptor const& platform) noexcept {
    return platform.app_platform.empty() ? platform.name : platform.app_platform;
}

bool wants_issuer(platforms::descriptor const& platform) noexcept {
    return platform.instances == platforms::instance_kind::issuer && platform.issuer.empty();
}

outcome<std::string> choose_instance(platforms::descriptor const& platform,
                                     std::optional<std::string> const& typed, std::string const& of_account) {
    auto const wrong = [](std::string text) {
        return failure{errc::field_invalid, std::move(text), "instance"};
    };
    if (platform.instances != platforms::instance_kind::host) {
        return typed ? outcome<std::string>{wrong(platform.title +
                                                  " is not many servers to choose from: leave it out.")}
                     : outcome<std::string>{std::string{}};
    }
    if (!typed && of_account.empty()) {
        return wrong(platform.title +
                     " is many servers: name one, such as mastodon.social or @ada@mastodon.social.");
    }
    if (!typed) {
        return of_account;
    }
    auto const origin = platforms::parse_instance(*typed);
    if (origin.has_error()) {
        return wrong(
            "Not the name of a server: write it as mastodon.social, @ada@mastodon.social or the URL.");
    }
    if (!of_account.empty() && *origin != of_account) {
        return wrong("The account to reconnect is at " + of_account + ".");
    }
    return *origin;
}

std::string redirect_uri(settings const& chosen, std::string_view platform) {
    return chosen.public_url + "/v1/connect/callback/" + std::string{platform};
}

std::string redirect_uri(settings const& chosen, storage::session const& begun) {
    return begun.redirect_uri.empty() ? redirect_uri(chosen, begun.platform) : begun.redirect_uri;
}

runtime::task<outcome<connect_target>> choose_target(storage::kv& store, crypto::workspace_id workspace,
                                                     std::string platform,
                                                     std::optional<std::string> profile_id,
                                                     std::optional<std::string> account_id) {
    connect_target target;
    if (account_id) {
        auto const found =
            co_await target_of_account(store, workspace, std::move(platform), *std::move(account_id));
        if (found.has_error()) {
            co_return found.error();
        }
        target = *found;
    }
    if (profile_id) {
        auto const id = parse_id<crypto::profile_id>(*profile_id, errc::profile_not_found, "profile_id");
        if (id.has_error()) {
            co_return id.error();
        }
        if (target.reconnect && *id != target.profile) {
            co_return failure{errc::field_invalid, "The account to reconnect belongs to another profile.",
                              "profile_id"};
        }
        auto const row = co_await storage::profiles::get(store, workspace, *id);
        if (row.has_error()) {
            co_return row.error();
        }
        if (!*row) {
            co_return failure{errc::profile_not_found, {}, "profile_id"};
        }
        target.profile = *id;
    }
    if (target.profile.is_nil()) {
        auto const row = co_await storage::workspaces::get(store, workspace);
        if (row.has_error()) {
            co_return row.error();
        }
        if (!*row) {
            co_return errc::workspace_not_found;
        }
        target.profile = (*row)->record.default_profile;
    }
    co_return target;
}

} // namespace connectd::server::services
