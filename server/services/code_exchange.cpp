#include "server/services/code_exchange.hpp"

#include "server/runtime/deadline.hpp"
#include "server/services/app_choice.hpp"
#include "server/services/candidates.hpp"
#include "server/services/platform_choice.hpp"
#include "server/services/platform_failure.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

outcome<void> check_kind(platforms::descriptor const& platform) {
    if (platform.connect == platforms::connect_kind::app_password) {
        return failure{errc::field_invalid, platform.title + " is connected with an app password.",
                       "platform"};
    }
    if (platform.pkce != platforms::pkce_method::none) {
        return failure{
            errc::field_invalid,
            "A code of " + platform.title +
                " belongs to the verifier of the page that began the consent. Begin it here, with a "
                "connect session.",
            "platform"};
    }
    return {};
}

// That of the person, or the only one. Errors: field_invalid.
outcome<new_account> choose_account(platforms::connected& granted) {
    if (!granted.candidates) {
        return new_account{*granted.who, std::move(granted.tokens)};
    }
    if (granted.candidates->value().size() == 1) {
        return pick_only(granted);
    }
    auto of_person = pick(granted, {granted.who->id});
    if (of_person.has_error()) {
        return failure{errc::field_invalid,
                       "The consent reaches several accounts; a connect session lets one of them be chosen."};
    }
    return std::move(of_person->front());
}

} // namespace

runtime::task<outcome<account_view>> code_exchange::exchange(crypto::workspace_id workspace,
                                                             foreign_code given) {
    auto const known = choose_platform(catalog_, settings_, given.platform);
    if (known.has_error()) {
        co_return known.error();
    }
    if (auto const good = check_kind(**known); good.has_error()) {
        co_return good.error();
    }
    auto const target =
        co_await choose_target(store_, workspace, (*known)->name, given.profile_id, std::nullopt);
    if (target.has_error()) {
        co_return target.error();
    }
    auto const app = co_await choose_app(store_, settings_, instances_, **known, workspace, {});
    if (app.has_error()) {
        co_return app.error();
    }
    auto opened = co_await open_app(store_, keys_, settings_, {workspace, app->credentials, (*known)->name},
                                    clock_.now());
    if (opened.has_error()) {
        co_return opened.error();
    }
    auto there = co_await resolver_.resolve(**known, {.instance = app->instance, .pkce = app->pkce});
    if (there.has_error()) {
        co_return unreachable_server(there.error(), app->instance);
    }
    new_connection made;
    made.workspace = workspace;
    made.profile = target->profile;
    made.credentials = app->credentials;
    made.instance = app->instance;
    co_return co_await tasks_.run(
        "code exchange", spend({std::move(given), std::move(*opened), std::move(*there), std::move(made)}));
}

runtime::task<outcome<account_view>> code_exchange::spend(errand owned) {
    auto const& platform = *owned.platform;
    auto granted = co_await connector_.connect(
        platform, owned.app.for_calls(), std::string{owned.given.code.reveal()}, owned.given.redirect_uri,
        crypto::secret{}, runtime::deadline_in(settings_.exchange_timeout));
    if (granted.has_error()) {
        log_platform_failure(platform, granted.error());
        co_return describe_platform_failure(granted.error(), platform, connect_step::exchange);
    }
    if (granted->who.has_error()) {
        log_platform_failure(platform, granted->who.error());
        co_return describe_platform_failure(granted->who.error(), platform, connect_step::identity);
    }
    if (granted->candidates && granted->candidates->has_error()) {
        log_platform_failure(platform, granted->candidates->error());
        co_return describe_platform_failure(granted->candidates->error(), platform, connect_step::candidates);
    }
    owned.made.grant_owner = granted->who->id;
    auto account = choose_account(*granted);
    if (account.has_error()) {
        co_return account.error();
    }
    owned.made.platform = &platform;
    owned.made.accounts.push_back(std::move(*account));
    auto stored = co_await commit_.store(std::move(owned.made));
    if (stored.has_error()) {
        co_return stored.error();
    }
    co_return std::move(stored->front());
}

} // namespace connectd::server::services
