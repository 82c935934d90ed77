#include "server/services/logins.hpp"

#include "platforms/quirks/bluesky.hpp"
#include "server/services/platform_failure.hpp"

#include <utility>

namespace connectd::server::services {

outcome<logins::typed_login> logins::check(app_password_login const& login) {
    auto who = platforms::bluesky::parse_identifier(login.identifier);
    if (who.has_error()) {
        return failure{errc::field_invalid, "Not a handle, a DID or an e-mail address.", "identifier"};
    }
    auto password = platforms::bluesky::parse_app_password(login.app_password.reveal());
    if (password.has_error()) {
        return failure{
            errc::app_password_shape,
            "An app password looks like abcd-efgh-2345-wxyz and is made in the account's settings. The main "
            "password is not accepted here, and what was entered was sent nowhere.",
            "app_password"};
    }
    return typed_login{std::move(*who), std::move(*password)};
}

outcome<platforms::descriptor const*> logins::choose(std::string_view name) const {
    auto const platform = choose_platform(catalog_, settings_, name);
    if (platform.has_value() && (*platform)->connect != platforms::connect_kind::app_password) {
        return errc::platform_needs_browser;
    }
    return platform;
}

runtime::task<outcome<account_view>> logins::sign_in(crypto::workspace_id workspace, std::string name,
                                                     app_password_login login) {
    auto const platform = choose(name);
    if (platform.has_error()) {
        co_return platform.error();
    }
    auto typed = check(login);
    if (typed.has_error()) {
        co_return typed.error();
    }
    auto const target = co_await choose_target(store_, workspace, (*platform)->name,
                                               std::move(login.profile_id), std::move(login.account_id));
    if (target.has_error()) {
        co_return target.error();
    }
    new_connection made;
    made.workspace = workspace;
    made.profile = target->profile;
    made.reconnect = target->reconnect;
    auto connected =
        co_await tasks_.run("app password login", log_in(*platform, std::move(*typed), std::move(made)));
    if (connected.has_error()) {
        co_return connected.error();
    }
    co_return std::move(connected->front());
}

runtime::task<outcome<callback_answer>> logins::submit(std::string id, crypto::secret browser,
                                                       app_password_login login) {
    auto row = co_await sessions_.find_bound(std::move(id), std::move(browser));
    if (row.has_error()) {
        co_return row.error();
    }
    auto const platform = choose(row->record.platform);
    if (platform.has_error()) {
        co_return platform.error();
    }
    auto typed = check(login);
    if (typed.has_error()) {
        co_return typed.error();
    }
    auto held = co_await hold(store_, claims_, clock_, row->record, storage::session_status::pending);
    if (held.has_error()) {
        co_return held.error();
    }
    auto const session = held->row.record;
    new_connection made;
    made.workspace = session.workspace;
    made.profile = session.profile;
    made.metadata = session.metadata;
    made.reconnect = session.reconnect;
    made.session = std::move(held->row);
    auto connected =
        co_await tasks_.run("app password login", log_in(*platform, std::move(*typed), std::move(made)));
    if (connected.has_error()) {
        co_return connected.error();
    }
    co_return callback_answer{.workspace = session.workspace,
                              .session = session.id,
                              .platform = session.platform,
                              .platform_title = (*platform)->title,
                              .return_url = session.return_url,
                              .cancel_url = session.cancel_url,
                              .dialect = session.dialect,
                              .accounts = std::move(*connected),
                              .waiting = {},
                              .why = {}};
}

runtime::task<outcome<std::vector<account_view>>> logins::log_in(platforms::descriptor const* platform,
                                                                 typed_login typed, new_connection target) {
    auto granted = co_await platforms::bluesky::connect(client_, *platform, std::move(typed.who),
                                                        std::move(typed.app_password),
                                                        runtime::deadline_in(settings_.exchange_timeout));
    if (granted.has_error()) {
        log_platform_failure(*platform, granted.error());
        co_return describe_platform_failure(granted.error(), *platform, connect_step::login);
    }
    if (granted->who.has_error()) {
        log_platform_failure(*platform, granted->who.error());
        co_return describe_platform_failure(granted->who.error(), *platform, connect_step::identity);
    }
    target.platform = platform;
    target.grant_owner = granted->who->id;
    target.accounts.push_back({std::move(*granted->who), std::move(granted->tokens)});
    co_return co_await commit_.store(std::move(target));
}

} // namespace connectd::server::services
