#include "server/services/grants.hpp"

#include "platforms/refresh_plan.hpp"
#include "server/runtime/deadline.hpp"
#include "server/runtime/log.hpp"
#include "server/services/app_secret.hpp"
#include "server/services/platform_choice.hpp"
#include "server/services/token_vault.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t page_size = 100;

// One whose grant is dead loses nothing.
bool is_alive(storage::account const& row) {
    return row.status == storage::account_status::active || row.status == storage::account_status::suspended;
}

revocation_outcome outcome_of(platforms::failure const& why) {
    bool const again =
        why.what == platforms::verdict::temporary || why.what == platforms::verdict::unknown_outcome;
    return again ? revocation_outcome::pending : revocation_outcome::not_possible;
}

// What an answer does not say again stays.
void renew(platforms::token_set& tokens, platforms::token_set fresh) {
    if (!fresh.refresh_token) {
        fresh.refresh_token = std::move(tokens.refresh_token);
    }
    fresh.api_base = std::move(tokens.api_base);
    tokens = std::move(fresh);
}

} // namespace

bool can_revoke(platforms::descriptor const& platform) noexcept {
    return !platform.endpoints.revoke_url.empty() ||
           platform.connect == platforms::connect_kind::app_password;
}

revocable_grant::revocable_grant(storage::account const& row, platforms::token_set opened, bool whatever_ends)
    : workspace{row.workspace},
      account{row.id},
      platform{row.platform},
      credentials{row.credentials},
      quickstart{row.quickstart},
      instance{row.instance},
      owner{row.grant_owner},
      access_expires_at{row.access_expires_at},
      tokens{std::move(opened)},
      always{whatever_ends} {
    tokens.api_base = row.api_base;
}

revocable_grant::revocable_grant(storage::revocation const& row, platforms::token_set opened)
    : workspace{row.workspace},
      account{row.account},
      platform{row.platform},
      credentials{row.credentials},
      quickstart{row.quickstart},
      instance{row.instance},
      owner{row.grant_owner},
      access_expires_at{row.access_expires_at},
      tokens{std::move(opened)},
      always{row.always} {
    tokens.api_base = row.api_base;
}

runtime::task<outcome<revocation_outcome>> grants::revoke(revocable_grant& grant) {
    auto const* platform = catalog_.find(grant.platform);
    bool const possible = platform != nullptr &&
                          (can_revoke(*platform) || platform->instances == platforms::instance_kind::issuer);
    if (!possible) {
        co_return revocation_outcome::not_possible;
    }
    if (platform->revoke.ends_sibling_accounts) {
        auto const found = co_await look_for_siblings(grant, *platform);
        if (found.has_error()) {
            co_return found.error();
        }
        if (*found == standing::shared) {
            co_return revocation_outcome::kept;
        }
    }
    co_return co_await call(grant, *platform);
}

// Where nobody noted whose grant it is, there may be some.
runtime::task<outcome<grants::standing>> grants::look_for_siblings(revocable_grant const& grant,
                                                                   platforms::descriptor const& platform) {
    if (grant.owner.empty()) {
        co_return grant.always ? standing::alone : standing::shared;
    }
    std::optional<std::string> cursor;
    do {
        auto page = co_await storage::accounts::list_by_grant_owner(store_, grant.owner, std::move(cursor),
                                                                    page_size);
        if (page.has_error()) {
            co_return page.error();
        }
        for (auto const& other : page->items) {
            bool const asked_for = grant.always && other.workspace == grant.workspace;
            if (other.id != grant.account && !asked_for && is_alive(other) &&
                other.instance == grant.instance && share_app(platform, other.platform)) {
                co_return standing::shared;
            }
        }
        cursor = std::move(page->next_cursor);
    } while (cursor);
    co_return standing::alone;
}

bool grants::share_app(platforms::descriptor const& platform, std::string_view other) const {
    auto const* found = catalog_.find(other);
    return found != nullptr && app_platform(*found) == app_platform(platform);
}

runtime::task<revocation_outcome> grants::call(revocable_grant& grant, platforms::descriptor const& known) {
    auto const opened = co_await open_app(store_, keys_, settings_, app_of(grant), clock_.now());
    if (opened.has_error()) {
        co_return revocation_outcome::not_possible;
    }
    auto const there = co_await resolver_.resolve(known, {.instance = grant.instance, .pkce = opened->pkce});
    if (there.has_error()) {
        co_return outcome_of(there.error());
    }
    auto const& platform = **there;
    if (!can_revoke(platform)) {
        co_return revocation_outcome::not_possible;
    }
    auto const app = opened->for_calls();
    auto const until = runtime::deadline_in(settings_.revoke_timeout);
    auto const log_failure = [&grant](platforms::failure const& why) {
        runtime::log::warning("a revocation failed", {{"account", grant.account.to_string()},
                                                      {"platform", grant.platform},
                                                      {"reason", why.code.message()}});
    };
    bool const over = grant.access_expires_at && *grant.access_expires_at <= clock_.now();
    if (platform.revoke.refresh_first && over && grant.tokens.refresh_token) {
        auto fresh = co_await connector_.refresh(platform, app, grant.tokens, until);
        if (fresh.has_error()) {
            log_failure(fresh.error());
            co_return outcome_of(fresh.error());
        }
        grant.access_expires_at = platforms::access_expiry(platform, *fresh, clock_.now());
        renew(grant.tokens, std::move(*fresh));
    }
    auto const answer = co_await connector_.revoke(platform, app, grant.tokens, until);
    if (answer.has_value()) {
        co_return revocation_outcome::revoked;
    }
    log_failure(answer.error());
    co_return outcome_of(answer.error());
}

runtime::task<outcome<storage::revocation>> grants::owe(revocable_grant const& grant, std::uint32_t attempts,
                                                        std::chrono::milliseconds pause) {
    storage::revocation owed{.workspace = grant.workspace,
                             .account = grant.account,
                             .platform = grant.platform,
                             .credentials = grant.credentials,
                             .material = {},
                             .api_base = grant.tokens.api_base,
                             .attempts = attempts,
                             .next_attempt_at = clock_.now() + pause,
                             .grant_owner = grant.owner,
                             .access_expires_at = grant.access_expires_at,
                             .always = grant.always,
                             .quickstart = grant.quickstart,
                             .instance = grant.instance};
    auto sealed = co_await seal_token(keys_, owed, grant.tokens);
    if (sealed.has_error()) {
        co_return sealed.error();
    }
    owed.material = std::move(*sealed);
    co_return owed;
}

} // namespace connectd::server::services
