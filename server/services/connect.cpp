#include "server/services/connect.hpp"

#include "crypto/digest.hpp"
#include "server/services/app_secret.hpp"
#include "server/services/candidates.hpp"
#include "server/services/platform_choice.hpp"
#include "server/services/platform_failure.hpp"
#include "server/services/token_vault.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services {
namespace {

// Only a browser that opens our page at this moment comes in between.
constexpr int max_tries = 4;

bool has_code(failure const& why, errc code) {
    return why.code == make_error_code(code);
}

failure too_much_to_keep(platforms::descriptor const& platform) {
    return {errc::platform_answer_invalid,
            platform.title + " lists more than can be kept for a choice. Give consent to fewer accounts."};
}

} // namespace

connect::connect(storage::kv& store, vault& keys, platforms::catalog const& catalog,
                 platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
                 sessions& attempts, connect_claims& claims, refresh::desk& refreshes,
                 runtime::task_group& tasks, platform_resolver& resolver, instance_apps& instances) noexcept
    : store_{store},
      keys_{keys},
      catalog_{catalog},
      connector_{client},
      clock_{clock},
      settings_{chosen},
      sessions_{attempts},
      claims_{claims},
      tasks_{tasks},
      resolver_{resolver},
      instances_{instances},
      commit_{store, keys, clock, refreshes} {}

runtime::task<outcome<callback_answer>> connect::callback(callback_query query) {
    auto claimed = co_await claim_session(query);
    if (claimed.has_error()) {
        co_return claimed.error();
    }
    co_return co_await tasks_.run("connect callback", complete(std::move(*claimed), std::move(query)));
}

// Checks everything that leaves the session as it is, and takes it.
runtime::task<outcome<connect::attempt>> connect::claim_session(callback_query const& query) {
    if (query.state.empty()) {
        co_return errc::state_missing;
    }
    auto const digest = crypto::sha256(query.state.reveal());
    auto row = co_await storage::sessions::find_by_state(store_, std::string{crypto::as_text(digest)});
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row || (query.workspace && (*row)->record.workspace != *query.workspace)) {
        co_return errc::state_unknown;
    }
    auto const platform = choose_platform(catalog_, settings_, query.platform);
    if (platform.has_error()) {
        co_return platform.error();
    }
    auto const& session = (*row)->record;
    if (session.platform != (*platform)->name) {
        co_return failure{errc::state_foreign, "The connect session was begun for " + session.platform + "."};
    }
    bool const bound = !session.browser_digest.empty();
    if (bound && !(query.browser && is_bound(session, *query.browser))) {
        co_return failure{errc::state_foreign, "The connect session was begun in another browser."};
    }
    auto held = co_await hold(store_, claims_, clock_, session, storage::session_status::pending);
    if (held.has_error()) {
        co_return held.error();
    }
    co_return attempt{std::move(*held), shared_platform{shared_platform{}, *platform}};
}

runtime::task<outcome<callback_answer>> connect::complete(attempt owned, callback_query query) {
    auto const app = co_await open_app(store_, keys_, settings_, app_of(owned.row()), clock_.now());
    if (app.has_error()) {
        co_return co_await give_up(std::move(owned), app.error());
    }
    auto there =
        co_await resolver_.resolve(*owned.platform, {.instance = owned.row().instance, .pkce = app->pkce});
    if (there.has_error()) {
        auto why = unreachable_server(there.error(), owned.row().instance);
        co_return co_await give_up(std::move(owned), std::move(why));
    }
    owned.platform = std::move(*there);
    if (auto const refusal = check_consent(*owned.platform, query)) {
        co_return co_await give_up(std::move(owned), *refusal);
    }
    auto granted = co_await exchange(owned, *app, std::move(query.code));
    if (granted.has_error()) {
        co_return co_await give_up(std::move(owned), granted.error());
    }
    auto chosen = co_await choose_now(owned, *granted);
    if (chosen.has_error()) {
        co_return co_await give_up(std::move(owned), chosen.error());
    }
    if (!*chosen) {
        co_return co_await wait_for_choice(std::move(owned), std::move(*granted), std::move(query.browser));
    }
    co_return co_await connect_now(std::move(owned), std::move(**chosen), std::move(granted->who->id));
}

std::optional<failure> connect::check_consent(platforms::descriptor const& platform,
                                              callback_query const& query) {
    // RFC 9207 section 2.4: before anything else, since an error of another server says nothing either.
    auto const& issuer = platform.authorize.issuer;
    bool const said = query.issuer.has_value();
    if (!issuer.empty() && (said ? *query.issuer != issuer : platform.authorize.issuer_required)) {
        return failure{errc::consent_failed, "The callback does not come from " + platform.title + "."};
    }
    if (!query.error.empty()) {
        auto const& denied = platform.authorize.denied_errors;
        if (std::ranges::find(denied, query.error) != denied.end()) {
            return failure{errc::consent_denied, "The consent was declined at " + platform.title + "."};
        }
        return failure{errc::consent_failed, platform.title + " ended the consent with an error."};
    }
    if (query.code.empty()) {
        return failure{errc::consent_failed, platform.title + " sent neither a code nor an error."};
    }
    return std::nullopt;
}

runtime::task<outcome<platforms::connected>> connect::exchange(attempt const& owned, opened_app const& app,
                                                               crypto::secret code) {
    auto const& session = owned.row();
    auto const& platform = *owned.platform;
    auto secrets = co_await sessions_.open_secrets(session);
    if (secrets.has_error()) {
        co_return secrets.error();
    }
    auto granted = co_await connector_.connect(platform, app.for_calls(), std::string{code.reveal()},
                                               redirect_uri(settings_, session), std::move(secrets->verifier),
                                               runtime::deadline_in(settings_.exchange_timeout));
    if (granted.has_error()) {
        log_platform_failure(platform, granted.error());
        if (auto const forgotten = co_await forget_app(session, platform, granted.error())) {
            co_return *forgotten;
        }
        co_return describe_platform_failure(granted.error(), platform, connect_step::exchange);
    }
    if (granted->who.has_error()) {
        log_platform_failure(platform, granted->who.error());
        co_return describe_platform_failure(granted->who.error(), platform, connect_step::identity);
    }
    if (granted->candidates && granted->candidates->has_error()) {
        auto const& why = granted->candidates->error();
        log_platform_failure(platform, why);
        co_return describe_platform_failure(why, platform, connect_step::candidates);
    }
    co_return std::move(*granted);
}

// An instance that does not know the app any more (older ones delete apps nobody uses) gets a new one next
// time.
runtime::task<std::optional<failure>> connect::forget_app(storage::session const& session,
                                                          platforms::descriptor const& platform,
                                                          platforms::failure const& why) {
    constexpr unsigned unauthorized = 401;
    bool const unknown = why.code == make_error_code(platforms::errc::client_refused) &&
                         (why.http_status == unauthorized || why.platform_error == "invalid_client");
    if (!unknown || platform.instances != platforms::instance_kind::host) {
        co_return std::nullopt;
    }
    auto const gone = co_await instances_.forget(session.workspace, session.credentials);
    if (gone.has_error()) {
        co_return gone.error();
    }
    if (*gone == instance_apps::forget_outcome::kept) {
        co_return std::nullopt;
    }
    co_return failure{errc::app_forgotten,
                      platform.title + " no longer knows the app that was registered there. Start a new "
                                       "connect session: it registers a new one."};
}

// The account to connect where there is no doubt about it; nothing when somebody has to choose.
runtime::task<outcome<std::optional<new_account>>> connect::choose_now(attempt const& owned,
                                                                       platforms::connected& granted) {
    auto const& session = owned.row();
    if (!granted.candidates) {
        co_return new_account{*granted.who, std::move(granted.tokens)};
    }
    if (session.reconnect) {
        auto const wanted = co_await storage::accounts::get(store_, session.workspace, *session.reconnect);
        if (wanted.has_error()) {
            co_return wanted.error();
        }
        if (!*wanted) {
            co_return reconnect_target_gone();
        }
        auto again = pick_again(granted, (*wanted)->record);
        if (again.has_error()) {
            co_return again.error();
        }
        co_return std::move(*again);
    }
    if (granted.candidates->value().size() == 1) {
        co_return pick_only(granted);
    }
    co_return std::nullopt;
}

runtime::task<outcome<callback_answer>> connect::connect_now(attempt owned, new_account account,
                                                             std::string grant_owner) {
    auto const& session = owned.row();
    new_connection made{.workspace = session.workspace,
                        .profile = session.profile,
                        .credentials = session.credentials,
                        .quickstart = session.quickstart,
                        .instance = session.instance,
                        .platform = owned.platform.get(),
                        .accounts = {},
                        .grant_owner = std::move(grant_owner),
                        .asked_scopes = session.scopes,
                        .metadata = session.metadata,
                        .reconnect = session.reconnect,
                        .session = owned.session.row};
    made.accounts.push_back(std::move(account));
    auto connected = co_await commit_.store(std::move(made));
    if (connected.has_error()) {
        co_return co_await give_up(std::move(owned), connected.error());
    }
    auto ended = answer(owned);
    ended.accounts = std::move(*connected);
    co_return ended;
}

// The state is spent and the verifier goes; in their place the row keeps the grant, and for the page the
// browser that brought the state.
runtime::task<outcome<callback_answer>> connect::wait_for_choice(attempt owned, platforms::connected granted,
                                                                 std::optional<crypto::secret> browser) {
    auto const who = owned.row().choose;
    if (who == storage::session_choose::api) {
        browser.reset();
    } else if (!browser || who == storage::session_choose::token) { // a cookie must not leave its browser
        browser = sessions::new_browser();
    }
    auto const now = clock_.now();
    fix_expiry(*owned.platform, granted.tokens, now);
    auto const choices = co_await seal_choices(keys_, owned.row(), granted);
    if (choices.has_error()) {
        co_return co_await give_up(std::move(owned), choices.error());
    }
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        auto updated = owned.row();
        updated.status = storage::session_status::choosing;
        updated.expires_at = now + settings_.choice_lifetime;
        updated.secrets = {};
        updated.choices = *choices;
        updated.browser_digest = browser ? browser_digest(*browser) : std::string{};
        storage::write_batch batch;
        storage::sessions::replace(batch, owned.session.row, updated);
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_value()) {
            auto waiting = answer(owned);
            waiting.waiting = choice_due{std::move(browser)};
            co_return waiting;
        }
        if (written.error() == storage::errc::limit_exceeded) {
            co_return co_await give_up(std::move(owned), too_much_to_keep(*owned.platform));
        }
        if (written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
        auto now_there = co_await read_again(store_, std::move(owned.session.row));
        if (now_there.has_error()) {
            co_return now_there.error();
        }
        owned.session.row = std::move(*now_there);
    }
    co_return errc::changed_meanwhile;
}

// Ends the session without an account. What went wrong in the store leaves it as it is: nothing was written.
runtime::task<outcome<callback_answer>> connect::give_up(attempt owned, failure why) {
    if (has_code(why, errc::session_used) || why.code.category() != error_category()) {
        co_return why;
    }
    auto const written = co_await end_unconnected(store_, clock_, owned.session.row, why);
    if (written.has_error()) {
        co_return written.error();
    }
    auto ended = answer(owned);
    ended.why = std::move(why);
    co_return ended;
}

callback_answer connect::answer(attempt const& owned) {
    return {.workspace = owned.row().workspace,
            .session = owned.row().id,
            .platform = owned.platform->name,
            .platform_title = owned.platform->title,
            .return_url = owned.row().return_url,
            .cancel_url = owned.row().cancel_url,
            .dialect = owned.row().dialect,
            .accounts = {},
            .waiting = {},
            .why = {}};
}

} // namespace connectd::server::services
