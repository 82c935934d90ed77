#include "server/services/refresh/spender.hpp"

#include "server/runtime/deadline.hpp"
#include "server/runtime/log.hpp"
#include "server/services/platform_failure.hpp"
#include "server/services/reconnect_link.hpp"
#include "server/services/refresh/plan.hpp"
#include "server/services/refresh/retry.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/refresh_due.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services::refresh {
namespace {

// Somebody connecting the account anew at the same moment moves the rows under us.
constexpr int max_tries = 4;

result result_of(platforms::verdict what) noexcept {
    switch (what) {
    case platforms::verdict::refused:
        return result::refused;
    case platforms::verdict::operator_fault:
        return result::operator_fault;
    case platforms::verdict::temporary:
        return result::temporary;
    case platforms::verdict::unknown_outcome:
        break;
    }
    return result::unknown;
}

} // namespace

runtime::task<report> spender::run(order what) {
    auto const turns = turns_;
    std::optional<runtime::keyed_turns::turn> turn;
    for (int attempt = 0; attempt < max_tries; ++attempt) {
        auto held = co_await read_rows(store_, what.workspace, what.account);
        if (held.has_error()) {
            co_return report{.how = result::broken, .why = held.error()};
        }
        if (!*held) {
            co_return report{.how = result::not_possible,
                             .why = co_await explain_nothing(store_, what.workspace, what.account)};
        }
        auto ready = co_await preparation_.prepare(what, std::move(**held));
        if (auto* const found = std::get_if<obstacle>(&ready)) {
            if (!found->make) {
                co_return report{found->how, std::move(found->held.account.record), std::move(found->why)};
            }
            co_return co_await settle(std::move(found->held), std::move(found->make), found->how,
                                      std::move(found->why));
        }
        auto& with = std::get<prepared>(ready);
        auto const lane = storage::lane_of(with.held.account.record);
        if (auto free = turn ? std::nullopt : turns->take_if_free(lane)) {
            turn.emplace(std::move(*free));
        }
        if (!turn) {
            turn.emplace((co_await turns->take(lane, runtime::steady_time::max())).value());
            continue; // what was read may have changed meanwhile
        }
        auto const before = with.held.token.record.spending_since;
        auto const now = clock_.now();
        bool const forgiven = before && *before <= now && now - *before < with.platform->refresh.grace;
        auto marked = co_await mark_spending(store_, with.held, forgiven ? *before : now, now);
        if (marked.has_error()) {
            co_return report{result::broken, std::move(with.held.account.record), marked.error()};
        }
        if (!*marked) {
            continue;
        }
        with.held = std::move(**marked);
        co_return co_await spend(std::move(with), before);
    }
    co_return report{.how = result::broken, .why = errc::changed_meanwhile};
}

runtime::task<report> spender::spend(prepared with, mark before) {
    auto answer = co_await connector_.refresh(*with.platform, with.app.for_calls(), with.tokens,
                                              runtime::deadline_in(settings_.refresh_timeout));
    if (answer.has_value()) {
        co_return co_await keep(with, std::move(*answer));
    }
    auto const& why = answer.error();
    auto const& row = with.held.account.record;
    runtime::log::info("a refresh failed", {{"account", row.id.to_string()},
                                            {"platform", row.platform},
                                            {"reason", why.code.message()},
                                            {"http_status", why.http_status}});
    if (why.what == platforms::verdict::refused) {
        co_return co_await bury(with, why, before);
    }
    co_return co_await put_off(with, why, before);
}

runtime::task<report> spender::keep(prepared const& with, platforms::token_set fresh) {
    auto const& token = with.held.token.record;
    keep_refresh_token(fresh, with.tokens, token);
    auto sealed = co_await seal_token(keys_, token, fresh);
    if (sealed.has_error()) {
        co_return report{result::broken, with.held.account.record, sealed.error()};
    }
    auto const make = [&with, &fresh, &sealed, now = clock_.now(), share = chance()](rows before) {
        return refreshed(std::move(before), *with.platform, fresh, *sealed, now, share);
    };
    auto done = co_await settle(with.held, make, result::refreshed, {});
    co_await apps_.worked(with.held.account.record);
    if (done.how == result::not_possible) {
        co_await give_back(with.held.account.record, std::move(fresh));
    }
    co_return done;
}

// The account was disconnected while it was refreshed: what was revoked then is not what the platform gave
// since.
runtime::task<void> spender::give_back(storage::account const& row, platforms::token_set fresh) {
    revocable_grant const grant{row, std::move(fresh), false};
    auto const owed = co_await grants_.owe(grant, 1, std::chrono::milliseconds{0});
    if (owed.has_value()) {
        storage::write_batch batch;
        storage::revocations::put(batch, *owed);
        co_await store_.commit(std::move(batch));
    }
}

runtime::task<report> spender::bury(prepared const& with, platforms::failure const& why, mark before) {
    auto token = with.held.token.record;
    token.spending_since = before;
    auto how = death_of(token, with.platform->refresh.model, why, clock_.now());
    how.reconnect_url = reconnect_url(settings_, with.held.account.record);
    auto const make = [&how, now = clock_.now()](rows was) { return ended(std::move(was), how, now); };
    failure told{errc::reconnect_needed, with.platform->title + " has ended this account's access (" +
                                             how.cause + "); its owner has to connect it again."};
    co_return co_await settle(with.held, make, result::refused, std::move(told));
}

runtime::task<report> spender::put_off(prepared const& with, platforms::failure const& why, mark before) {
    auto const& row = with.held.account.record;
    auto const wait = judge(with, why, before);
    auto const make = [&wait, now = clock_.now()](rows was) { return postponed(std::move(was), wait, now); };
    auto done =
        co_await settle(with.held, make, result_of(why.what), describe_refresh_failure(why, *with.platform));
    if (why.what == platforms::verdict::operator_fault) {
        co_await apps_.refused(row, wait.cause);
    } else if (why.code == platforms::errc::rate_limited) {
        apps_.limited(row, why.retry_after);
    }
    co_return done;
}

setback spender::judge(prepared const& with, platforms::failure const& why, mark before) const {
    auto const now = clock_.now();
    auto const& token = with.held.token.record;
    failed_attempt last{.what = why.what, .in_a_row = token.failures + 1, .retry_after = why.retry_after};
    setback wait;
    if (may_have_spent(why)) {
        // The mark is this attempt's, or an earlier one's whose grace is not over.
        wait.spending_since = token.spending_since;
        auto const grace = with.platform->refresh.grace;
        if (grace > grace.zero()) {
            last.what = platforms::verdict::unknown_outcome; // to be asked again while it is forgiven
        }
        last.first_unknown = !before || (grace > grace.zero() && *token.spending_since != *before);
        last.grace_left = std::max<std::chrono::milliseconds>(*token.spending_since + grace - now, {});
    } else {
        wait.spending_since = before;
    }
    wait.pause = pause_after(last, chance());
    auto const told = describe_refresh_failure(why, *with.platform);
    wait.cause = name_of(static_cast<errc>(told.code.value()));
    bool const app_is_told =
        why.what == platforms::verdict::operator_fault && !with.held.account.record.credentials.is_nil();
    wait.announced = !app_is_told;
    return wait;
}

runtime::task<report> spender::settle(stored_rows held, std::function<change(rows)> make, result how,
                                      failure why) {
    auto const& row = held.account.record;
    auto const workspace = row.workspace;
    auto const id = row.id;
    auto written = co_await services::refresh::settle(store_, std::move(held), std::move(make));
    if (written.has_error()) {
        co_return report{.how = result::broken, .why = written.error()};
    }
    if (*written) {
        co_return report{how, std::move(*written), std::move(why)};
    }
    auto now_there = co_await storage::accounts::get(store_, workspace, id);
    if (now_there.has_error()) {
        co_return report{.how = result::broken, .why = now_there.error()};
    }
    if (!*now_there) {
        co_return report{.how = result::not_possible, .why = errc::account_not_found};
    }
    if ((*now_there)->record.status == storage::account_status::disconnected) {
        co_return report{.how = result::not_possible, .why = needs_reconnect((*now_there)->record)};
    }
    co_return report{.how = result::untouched, .account = std::move((*now_there)->record)};
}

} // namespace connectd::server::services::refresh
