#include "server/services/refresh/app_health.hpp"

#include "server/runtime/log.hpp"
#include "server/services/account_events.hpp"
#include "storage/tables/credentials.hpp"
#include "storage/tables/events.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::services::refresh {

// Ids are random bytes, which no platform's name is.
std::optional<std::string> app_health::app_key(storage::account const& row) {
    if (row.quickstart) {
        return row.platform;
    }
    return row.credentials.is_nil() ? std::nullopt : std::optional{std::string{row.credentials.raw()}};
}

std::optional<runtime::sys_ms> app_health::waits_until(storage::account const& row) const {
    auto const key = app_key(row);
    auto const found = key ? standings_.find(*key) : standings_.end();
    if (found == standings_.end() || found->second.waits_until <= clock_.now()) {
        return std::nullopt;
    }
    return found->second.waits_until;
}

runtime::task<void> app_health::refused(storage::account row, std::string cause) {
    auto const key = app_key(row);
    if (!key) {
        co_return;
    }
    auto& standing = standings_[*key];
    ++standing.refusals;
    if (standing.refusals >= patience) {
        auto const doublings = std::min(standing.refusals - patience, 8U);
        standing.waits_until =
            clock_.now() + std::min(first_wait * (std::int64_t{1} << doublings), longest_wait);
    }
    co_await record(std::move(row), std::move(cause), false);
}

runtime::task<void> app_health::worked(storage::account row) {
    auto const key = app_key(row);
    if (!key) {
        co_return;
    }
    standings_.erase(*key);
    co_await record(std::move(row), {}, true);
}

void app_health::limited(storage::account const& row, std::optional<std::chrono::seconds> retry_after) {
    auto const key = app_key(row);
    if (!key) {
        return;
    }
    // The platform may mean this account alone, so the others do not wait as long as it asks at most.
    auto const wait =
        std::min<std::chrono::milliseconds>(retry_after.value_or(std::chrono::seconds{30}), longest_limit);
    auto& until = standings_[*key].waits_until;
    until = std::max<runtime::sys_ms>(until, clock_.now() + wait);
}

// Writes the state of the app where it changes. Losing against another change of the same row is no harm: the
// next answer of the platform says it again.
runtime::task<void> app_health::record(storage::account row, std::string cause, bool healthy) {
    auto const app = co_await storage::credentials_table::get(store_, row.workspace, row.credentials);
    if (app.has_error() || !*app || healthy != (*app)->record.unhealthy_since.has_value()) {
        co_return;
    }
    auto const now = clock_.now();
    auto updated = (*app)->record;
    updated.unhealthy_since = healthy ? std::nullopt : std::optional{now};
    storage::write_batch batch;
    storage::credentials_table::replace(batch, **app, updated);
    storage::events::create(batch,
                            app_event(healthy ? "app.recovered" : "app.unhealthy", updated, cause, now));
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_value()) {
        runtime::log::info(
            healthy ? "an app works again" : "a platform refuses an app",
            {{"credentials", row.credentials.to_string()}, {"platform", row.platform}, {"cause", cause}});
    }
}

} // namespace connectd::server::services::refresh
