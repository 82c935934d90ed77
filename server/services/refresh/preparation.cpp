#include "server/services/refresh/preparation.hpp"

#include "server/runtime/log.hpp"
#include "server/runtime/time_text.hpp"
#include "server/services/refresh/plan.hpp"
#include "server/services/refresh/retry.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/refresh_due.hpp"

#include <utility>

namespace connectd::server::services::refresh {
namespace {

// The clock may be set back a little after a moment was found to be due.
constexpr std::chrono::seconds slack{60};

// A platform that is not there any more comes back with the operator's file.
constexpr std::chrono::hours missing_platform{1};

std::function<change(rows)> deferring(runtime::sys_ms until) {
    return [until](rows before) { return deferred(std::move(before), until); };
}

} // namespace

bool can_refresh(platforms::descriptor const& platform, platforms::token_set const& tokens) noexcept {
    switch (platform.refresh.model) {
    case platforms::refresh_model::rotating:
    case platforms::refresh_model::static_token:
        return tokens.refresh_token.has_value();
    case platforms::refresh_model::extend:
        return true;
    case platforms::refresh_model::relogin:
    case platforms::refresh_model::none:
        break;
    }
    return false;
}

runtime::task<std::variant<prepared, obstacle>> preparation::prepare(order what, stored_rows held) {
    if (auto none = needless(what, held)) {
        co_return std::move(*none);
    }
    prepared with{.held = std::move(held)};
    auto const& row = with.held.account.record;
    auto const* known = catalog_.find(row.platform);
    if (known == nullptr) {
        obstacle missing{
            .held = with.held,
            .how = result::not_possible,
            .why = {errc::platform_unknown, "The platform " + row.platform + " is not configured."}};
        if (what.by_timer) {
            missing.make = deferring(clock_.now() + missing_platform);
        }
        co_return missing;
    }
    with.platform = shared_platform{shared_platform{}, known};
    auto tokens = co_await open_token(keys_, with.held.token.record);
    if (tokens.has_error()) {
        co_return secret_trouble(with, tokens.error());
    }
    with.tokens = std::move(*tokens);
    with.tokens.api_base = row.api_base;
    if (!can_refresh(*with.platform, with.tokens)) {
        co_return not_refreshable(what, with,
                                  {errc::not_refreshable,
                                   with.platform->title + " gave no means to refresh this account's token."});
    }
    if (auto early = too_early(what, with)) {
        co_return std::move(*early);
    }
    auto app = co_await open_app(store_, keys_, settings_, app_of(row), clock_.now());
    if (app.has_error() && app.error().code == make_error_code(errc::credentials_missing)) {
        co_return not_refreshable(what, with, app.error());
    }
    if (app.has_error()) {
        co_return secret_trouble(with, app.error());
    }
    with.app = std::move(*app);
    auto there = co_await resolver_.resolve(*known, {.instance = row.instance, .pkce = with.app.pkce});
    if (there.has_error()) {
        co_return unreachable(with, there.error());
    }
    with.platform = std::move(*there);
    co_return std::move(with);
}

std::optional<obstacle> preparation::needless(order const& what, stored_rows const& held) const {
    auto const& row = held.account.record;
    if (row.status != storage::account_status::active) {
        return obstacle{.held = held, .how = result::not_possible, .why = needs_reconnect(row)};
    }
    if (what.generation && held.token.record.generation != *what.generation) {
        return obstacle{.held = held};
    }
    if (what.by_timer) {
        auto const due = storage::due_of(row);
        if (!due || due->kind != storage::due_kind::refresh || due->due > clock_.now() + slack) {
            return obstacle{.held = held};
        }
    }
    return std::nullopt;
}

// The timer finds out that nothing is to be planned any more; who asks is only told.
obstacle preparation::not_refreshable(order const& what, prepared const& with, failure why) const {
    obstacle made{.held = with.held, .how = result::not_possible, .why = std::move(why)};
    if (what.by_timer) {
        made.make = [cause = name_of(static_cast<errc>(made.why.code.value())), now = clock_.now()](
                        rows before) { return unrefreshable(std::move(before), std::string{cause}, now); };
    }
    return made;
}

// A secret of ours that does not open is ours to mend; trying again costs nothing.
obstacle preparation::secret_trouble(prepared const& with, failure why) const {
    auto const& row = with.held.account.record;
    runtime::log::error(
        "a stored secret cannot be opened",
        {{"account", row.id.to_string()}, {"platform", row.platform}, {"reason", why.code.message()}});
    obstacle made{.held = with.held, .how = result::broken, .why = std::move(why)};
    if (made.why.code == make_error_code(errc::sealed_value_damaged)) {
        auto const& token = with.held.token.record;
        setback const wait{
            .pause = pause_after({.what = platforms::verdict::operator_fault, .in_a_row = token.failures + 1},
                                 chance()),
            .cause = std::string{name_of(errc::sealed_value_damaged)},
            .retryable = false,
            .spending_since = token.spending_since};
        made.make = [wait, now = clock_.now()](rows before) {
            return postponed(std::move(before), wait, now);
        };
    }
    return made;
}

// An issuer that does not say where to ask is a platform that is down: nothing was spent.
obstacle preparation::unreachable(prepared const& with, platforms::failure const& cause) const {
    auto const& token = with.held.token.record;
    obstacle made{.held = with.held,
                  .how = result::temporary,
                  .why = unreachable_server(cause, with.held.account.record.instance)};
    setback const wait{.pause = pause_after({.what = platforms::verdict::temporary,
                                             .in_a_row = token.failures + 1,
                                             .retry_after = cause.retry_after},
                                            chance()),
                       .cause = std::string{name_of(static_cast<errc>(made.why.code.value()))},
                       .spending_since = token.spending_since};
    made.make = [wait, now = clock_.now()](rows before) { return postponed(std::move(before), wait, now); };
    return made;
}

std::optional<obstacle> preparation::too_early(order const& what, prepared const& with) const {
    auto const now = clock_.now();
    auto const& row = with.held.account.record;
    auto const old_enough = with.held.token.record.issued_at + with.platform->refresh.minimum_age;
    if (now < old_enough) {
        obstacle made{.held = with.held,
                      .how = result::not_possible,
                      .why = {errc::not_refreshable,
                              with.platform->title + " does not refresh a token as young as this before " +
                                  runtime::time_text(old_enough) + "."}};
        if (what.by_timer) {
            made.make = deferring(old_enough);
        }
        return made;
    }
    auto const waits_until = apps_.waits_until(row);
    if (what.by_timer && waits_until) {
        auto const spread = std::chrono::duration<double, std::milli>{*waits_until - now} * chance() / 2;
        return obstacle{.held = with.held,
                        .how = result::untouched,
                        .make =
                            deferring(*waits_until + std::chrono::floor<std::chrono::milliseconds>(spread))};
    }
    return std::nullopt;
}

} // namespace connectd::server::services::refresh
