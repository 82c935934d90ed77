#include "server/services/refresh/notices.hpp"

#include "server/services/account_events.hpp"
#include "server/services/reconnect_link.hpp"
#include "server/services/refresh/changes.hpp"
#include "server/services/refresh/plan.hpp"
#include "server/services/refresh/settlement.hpp"

#include <utility>

namespace connectd::server::services::refresh {
namespace {

// The clock may be set back a little after a moment was found to be due.
constexpr std::chrono::seconds slack{60};

change announced(rows before, platforms::refresh_model model, runtime::sys_ms end, std::string url,
                 runtime::sys_ms now) {
    change made{.after = std::move(before), .event = {}};
    auto& account = made.after.account;
    account.next_notice_at = next_notice(account, model, now);
    made.event = token_event("token.expiring", account,
                             {.cause = "expiring", .reconnect_url = std::move(url), .expires_at = end}, now);
    return made;
}

change quiet(rows before) {
    before.account.next_notice_at.reset();
    return {.after = std::move(before), .event = {}};
}

} // namespace

runtime::task<outcome<std::optional<storage::refresh_due>>> notices::handle(storage::refresh_due row) {
    auto held = co_await read_rows(store_, row.workspace, row.account);
    if (held.has_error()) {
        co_return held.error();
    }
    if (!*held) {
        co_return std::optional<storage::refresh_due>{};
    }
    auto const now = clock_.now();
    auto const& account = (*held)->account.record;
    auto const due = storage::due_of(account);
    if (!due || due->kind != storage::due_kind::notice || due->due > now + slack) {
        co_return due;
    }
    auto const* platform = catalog_.find(account.platform);
    auto const model = platform == nullptr ? platforms::refresh_model::none : platform->refresh.model;
    auto const url = reconnect_url(settings_, account);
    auto const make = [&](rows before) -> change {
        auto const end = fixed_end(before.account, model);
        if (!end) {
            return quiet(std::move(before));
        }
        if (*end <= now && !before.account.next_refresh_at) {
            return ended(std::move(before), {.cause = "expired", .reconnect_url = url}, now);
        }
        return announced(std::move(before), model, *end, url, now);
    };
    auto written = co_await settle(store_, std::move(**held), make);
    if (written.has_error()) {
        co_return written.error();
    }
    if (*written) {
        co_return storage::due_of(**written);
    }
    auto const now_there = co_await storage::accounts::get(store_, row.workspace, row.account);
    if (now_there.has_error()) {
        co_return now_there.error();
    }
    co_return *now_there ? storage::due_of((*now_there)->record) : std::nullopt;
}

} // namespace connectd::server::services::refresh
