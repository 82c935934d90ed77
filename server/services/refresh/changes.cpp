#include "server/services/refresh/changes.hpp"

#include "server/services/account_events.hpp"
#include "server/services/refresh/plan.hpp"

#include <utility>

namespace connectd::server::services::refresh {

change refreshed(rows before, platforms::descriptor const& platform, platforms::token_set const& fresh,
                 crypto::sealed material, runtime::sys_ms now, double chance) {
    change made{.after = std::move(before), .event = {}};
    auto& [account, token] = made.after;
    plan(account, platform, fresh, now, chance);
    if (!fresh.scopes.empty()) {
        account.scopes = fresh.scopes;
    }
    if (!fresh.api_base.empty()) {
        account.api_base = fresh.api_base;
    }
    account.updated_at = now;
    token.generation += 1;
    token.material = std::move(material);
    token.issued_at = now;
    token.access_expires_at = account.access_expires_at;
    token.refresh_expires_at = account.refresh_expires_at;
    token.spending_since.reset();
    token.failures = 0;
    made.event = token_event("token.refreshed", account, {.expires_at = account.access_expires_at}, now);
    return made;
}

change ended(rows before, death const& how, runtime::sys_ms now) {
    change made{.after = std::move(before), .event = {}};
    auto& [account, token] = made.after;
    account.status = how.status;
    account.status_cause = how.cause;
    account.next_refresh_at.reset();
    account.next_notice_at.reset();
    account.updated_at = now;
    token.spending_since.reset();
    made.event = token_event("token.revoked", account, {.reconnect_url = how.reconnect_url}, now);
    return made;
}

death death_of(storage::token const& token, platforms::refresh_model model, platforms::failure const& refusal,
               runtime::sys_ms now) {
    using platforms::refresh_model;
    if (refusal.code == platforms::errc::account_suspended) {
        return {.status = storage::account_status::suspended, .cause = "account_suspended"};
    }
    // Where the access token renews itself, its end is the end.
    auto const& end = model == refresh_model::extend ? token.access_expires_at : token.refresh_expires_at;
    if (end && *end <= now) {
        return {.cause = "expired"};
    }
    if (model == refresh_model::rotating && token.spending_since) {
        return {.cause = "refresh_outcome_lost"};
    }
    return {.cause = refusal.code == platforms::errc::access_denied ? "access_denied" : "grant_refused"};
}

change postponed(rows before, setback const& why, runtime::sys_ms now) {
    change made{.after = std::move(before), .event = {}};
    auto& [account, token] = made.after;
    account.next_refresh_at = now + why.pause;
    token.spending_since = why.spending_since;
    if (token.failures++ == 0 && why.announced) {
        made.event = token_event("token.refresh_failed", account,
                                 {.cause = why.cause,
                                  .retryable = why.retryable,
                                  .next_attempt_at = account.next_refresh_at,
                                  .expires_at = account.access_expires_at},
                                 now);
    }
    return made;
}

change deferred(rows before, runtime::sys_ms until) {
    change made{.after = std::move(before), .event = {}};
    made.after.account.next_refresh_at = until;
    return made;
}

change unrefreshable(rows before, std::string cause, runtime::sys_ms now) {
    change made{.after = std::move(before), .event = {}};
    auto& [account, token] = made.after;
    plan_without_refresh(account, now);
    made.event = token_event("token.refresh_failed", account,
                             {.cause = std::move(cause), .expires_at = account.access_expires_at}, now);
    return made;
}

// A server's own error can come after its work was done: from the gateway in front of it, say.
bool may_have_spent(platforms::failure const& why) noexcept {
    switch (why.what) {
    case platforms::verdict::unknown_outcome:
        return true;
    case platforms::verdict::temporary:
        return why.http_status >= 500 || (why.http_status >= 200 && why.http_status < 300);
    case platforms::verdict::refused:
    case platforms::verdict::operator_fault:
        break;
    }
    return false;
}

} // namespace connectd::server::services::refresh
