#include "server/services/connect.hpp"

#include "crypto/compare.hpp"
#include "crypto/digest.hpp"
#include "server/services/account_events.hpp"
#include "server/services/app_secret.hpp"
#include "server/services/platform_choice.hpp"
#include "server/services/platform_failure.hpp"
#include "storage/tables/events.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services {
namespace {

// Only a browser that opens our page at this moment comes in between.
constexpr int max_tries = 4;

std::string digest_text(crypto::secret const& value) {
    return std::string{crypto::as_text(crypto::sha256(value.reveal()))};
}

bool has_code(failure const& why, errc code) {
    return why.code == make_error_code(code);
}

// What another attempt may mend without anybody changing anything.
bool retryable(failure const& why) {
    return has_code(why, errc::platform_unavailable) || has_code(why, errc::platform_timeout) ||
           has_code(why, errc::platform_answer_invalid) || has_code(why, errc::code_refused);
}

} // namespace

connect::connect(storage::kv& store, vault& keys, platforms::catalog const& catalog,
                 platforms::http::client& client, runtime::clock const& clock, settings const& chosen,
                 sessions& attempts, connect_claims& claims, runtime::task_group& tasks) noexcept
    : store_{store},
      keys_{keys},
      catalog_{catalog},
      connector_{client},
      clock_{clock},
      settings_{chosen},
      sessions_{attempts},
      claims_{claims},
      tasks_{tasks},
      commit_{store, keys, clock} {}

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
    auto const digest = digest_text(query.state);
    auto row = co_await storage::sessions::find_by_state(store_, digest);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
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
    if (bound && !(query.browser &&
                   crypto::equal_constant_time(digest_text(*query.browser), session.browser_digest))) {
        co_return failure{errc::state_foreign, "The connect session was begun in another browser."};
    }
    auto held = co_await hold(store_, claims_, clock_, session, storage::session_status::pending);
    if (held.has_error()) {
        co_return held.error();
    }
    co_return attempt{std::move(*held), *platform};
}

runtime::task<outcome<callback_answer>> connect::complete(attempt owned, callback_query query) {
    if (auto const refusal = check_consent(*owned.platform, query)) {
        co_return co_await end(std::move(owned), *refusal);
    }
    auto connected = co_await exchange(owned, std::move(query.code));
    if (connected.has_value()) {
        co_return answer(owned, std::move(*connected));
    }
    if (has_code(connected.error(), errc::session_used) ||
        connected.error().code.category() != error_category()) {
        co_return connected.error(); // the store's: nothing was written, the session stays as it is
    }
    co_return co_await end(std::move(owned), connected.error());
}

std::optional<failure> connect::check_consent(platforms::descriptor const& platform,
                                              callback_query const& query) {
    if (!query.error.empty()) {
        auto const& denied = platform.authorize.denied_errors;
        if (std::ranges::find(denied, query.error) != denied.end()) {
            return failure{errc::consent_denied, "The consent was declined at " + platform.title + "."};
        }
        return failure{errc::consent_failed, platform.title + " ended the consent with an error."};
    }
    if (!platform.authorize.issuer.empty() && platform.authorize.issuer != query.issuer) {
        return failure{errc::consent_failed, "The callback does not come from " + platform.title + "."};
    }
    if (query.code.empty()) {
        return failure{errc::consent_failed, platform.title + " sent neither a code nor an error."};
    }
    return std::nullopt;
}

runtime::task<outcome<std::vector<account_view>>> connect::exchange(attempt const& owned,
                                                                    crypto::secret code) {
    auto const& session = owned.row();
    auto const& platform = *owned.platform;
    auto const app = co_await open_app(store_, keys_, session.workspace, session.credentials);
    if (app.has_error()) {
        co_return app.error();
    }
    auto secrets = co_await sessions_.open_secrets(session);
    if (secrets.has_error()) {
        co_return secrets.error();
    }
    auto granted = co_await connector_.connect(
        platform, platforms::app_credentials{app->client_id, app->client_secret}, std::string{code.reveal()},
        sessions_.redirect_uri(platform), std::move(secrets->verifier),
        runtime::deadline_in(settings_.exchange_timeout));
    if (granted.has_error()) {
        log_platform_failure(platform, granted.error());
        co_return describe_platform_failure(granted.error(), platform, connect_step::exchange);
    }
    if (granted->who.has_error()) {
        log_platform_failure(platform, granted->who.error());
        co_return describe_platform_failure(granted->who.error(), platform, connect_step::identity);
    }
    new_connection made{.workspace = session.workspace,
                        .profile = session.profile,
                        .credentials = session.credentials,
                        .platform = &platform,
                        .accounts = {},
                        .grant_owner = granted->who->id,
                        .asked_scopes = session.scopes,
                        .metadata = session.metadata,
                        .reconnect = session.reconnect,
                        .session = owned.session.row};
    made.accounts.push_back({std::move(*granted->who), std::move(granted->tokens)});
    co_return co_await commit_.store(std::move(made));
}

// Ends the session without an account, with the event that says so.
runtime::task<outcome<callback_answer>> connect::end(attempt owned, failure why) {
    auto const how = has_code(why, errc::consent_denied) ? storage::session_status::cancelled
                                                         : storage::session_status::failed;
    auto row = std::move(owned.session.row);
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        auto const now = clock_.now();
        auto const updated = ended(row.record, how, why, now);
        storage::write_batch batch;
        storage::sessions::replace(batch, row, updated);
        storage::events::create(batch, connect_failed_event(updated, retryable(why), now));
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_value()) {
            co_return callback_answer{.session = updated.id,
                                      .platform = updated.platform,
                                      .platform_title = owned.platform->title,
                                      .return_url = updated.return_url,
                                      .accounts = {},
                                      .why = std::move(why)};
        }
        if (written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
        auto now_there = co_await read_again(store_, std::move(row));
        if (now_there.has_error()) {
            co_return now_there.error();
        }
        row = std::move(*now_there);
    }
    co_return errc::changed_meanwhile;
}

callback_answer connect::answer(attempt const& owned, std::vector<account_view> connected) {
    return {.session = owned.row().id,
            .platform = owned.platform->name,
            .platform_title = owned.platform->title,
            .return_url = owned.row().return_url,
            .accounts = std::move(connected),
            .why = {}};
}

} // namespace connectd::server::services
