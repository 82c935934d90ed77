#include "server/services/account_tokens.hpp"

#include "server/runtime/deadline.hpp"
#include "server/services/input.hpp"
#include "server/services/platform_failure.hpp"
#include "server/services/reconnect_link.hpp"
#include "server/services/refresh/preparation.hpp"
#include "server/services/token_vault.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

bool is_dead_token(platforms::failure const& why) {
    return why.what == platforms::verdict::refused && why.code == platforms::errc::grant_refused;
}

std::string verdict_of(refresh::result how) {
    switch (how) {
    case refresh::result::operator_fault:
        return "operator_fault";
    case refresh::result::temporary:
    case refresh::result::unknown:
        return "temporary";
    case refresh::result::refreshed:
    case refresh::result::refused:
    case refresh::result::not_possible:
    case refresh::result::untouched:
    case refresh::result::broken:
        break;
    }
    return "refused";
}

} // namespace

runtime::task<outcome<account_view>> account_tokens::refresh_now(crypto::workspace_id workspace,
                                                                 std::string id) {
    auto const parsed = parse_id<crypto::account_id>(id, errc::account_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto const ended = co_await refreshes_.refresh({.workspace = workspace, .account = *parsed});
    if (ended.how != refresh::result::refreshed && ended.how != refresh::result::untouched) {
        co_return ended.why;
    }
    co_return services::view(ended.account.value());
}

runtime::task<outcome<health_view>> account_tokens::check(crypto::workspace_id workspace, std::string id) {
    auto const parsed = parse_id<crypto::account_id>(id, errc::account_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto held = co_await open(workspace, *parsed);
    if (held.has_error() && held.error().code == make_error_code(errc::reconnect_needed)) {
        co_return health_view{.account = *parsed,
                              .status = std::string{to_string(storage::account_status::disconnected)},
                              .checked_at = clock_.now(),
                              .verdict = "refused",
                              .detail = held.error().detail};
    }
    if (held.has_error()) {
        co_return held.error();
    }
    auto const& row = held->rows.account.record;
    if (row.status != storage::account_status::active) {
        co_return view(row, "refused",
                       "The account's owner has to connect it again (" + row.status_cause + ").");
    }
    auto const said = co_await ask(*held);
    if (said.has_error() && is_dead_token(said.error())) {
        co_return co_await after_refusal(std::move(*held));
    }
    co_return describe(*held, said);
}

runtime::task<outcome<held_token>> account_tokens::open(crypto::workspace_id workspace,
                                                        crypto::account_id id) {
    auto rows = co_await refresh::read_rows(store_, workspace, id);
    if (rows.has_error()) {
        co_return rows.error();
    }
    if (!*rows) {
        co_return co_await refresh::explain_nothing(store_, workspace, id);
    }
    held_token held{.rows = std::move(**rows)};
    auto const& row = held.rows.account.record;
    auto const* known = catalog_.find(row.platform);
    if (known == nullptr) {
        co_return errc::platform_unknown;
    }
    auto there = co_await resolver_.resolve(*known, {.instance = row.instance});
    if (there.has_error()) {
        co_return unreachable_server(there.error(), row.instance);
    }
    held.platform = std::move(*there);
    auto tokens = co_await open_token(keys_, held.rows.token.record);
    if (tokens.has_error()) {
        co_return tokens.error();
    }
    held.tokens = std::move(*tokens);
    held.tokens.api_base = row.api_base;
    co_return held;
}

runtime::task<account_tokens::answer> account_tokens::ask(held_token const& with) {
    return connector_.fetch_identity(*with.platform, with.tokens,
                                     runtime::deadline_in(settings_.refresh_timeout));
}

// The access token is not accepted any more, which is no news where it can be renewed.
runtime::task<outcome<health_view>> account_tokens::after_refusal(held_token with) {
    if (!refresh::can_refresh(*with.platform, with.tokens)) {
        co_return co_await bury(std::move(with));
    }
    auto const& row = with.rows.account.record;
    auto const renewed = co_await refreshes_.refresh(
        {.workspace = row.workspace, .account = row.id, .generation = with.rows.token.record.generation});
    if (renewed.how == refresh::result::broken || !renewed.account) {
        co_return renewed.why;
    }
    if (renewed.how != refresh::result::refreshed && renewed.how != refresh::result::untouched) {
        co_return view(*renewed.account, verdict_of(renewed.how), renewed.why.detail);
    }
    auto again = co_await open(row.workspace, row.id);
    if (again.has_error()) {
        co_return again.error();
    }
    auto const said = co_await ask(*again);
    co_return describe(*again, said);
}

// Nothing can renew it, so this is its end.
runtime::task<outcome<health_view>> account_tokens::bury(held_token with) {
    auto const& row = with.rows.account.record;
    auto const workspace = row.workspace;
    auto const id = row.id;
    auto const title = with.platform->title;
    auto const written = co_await write_end(std::move(with));
    if (written.has_error()) {
        co_return written.error();
    }
    if (*written) {
        co_return view(**written, "refused",
                       title + " no longer accepts the account's token, and it cannot be "
                               "refreshed: its owner has to connect it again.");
    }
    auto const again = co_await open(workspace, id); // connected anew at this moment
    if (again.has_error()) {
        co_return again.error();
    }
    auto const said = co_await ask(*again);
    co_return describe(*again, said);
}

// Nothing when the token has moved on meanwhile.
runtime::task<outcome<std::optional<storage::account>>> account_tokens::write_end(held_token with) {
    refresh::death const how{.reconnect_url = reconnect_url(settings_, with.rows.account.record)};
    auto const make = [&how, now = clock_.now()](refresh::rows was) {
        return refresh::ended(std::move(was), how, now);
    };
    co_return co_await refresh::settle(store_, std::move(with.rows), make);
}

runtime::task<outcome<held_token>> account_tokens::renew(held_token old) {
    auto const workspace = old.rows.account.record.workspace;
    auto const id = old.rows.account.record.id;
    if (!refresh::can_refresh(*old.platform, old.tokens)) {
        auto const ended = co_await write_end(std::move(old));
        if (ended.has_error()) {
            co_return ended.error();
        }
        if (*ended) {
            co_return errc::reconnect_needed;
        }
        co_return co_await open(workspace, id);
    }
    auto const renewed = co_await refreshes_.refresh(
        {.workspace = workspace, .account = id, .generation = old.rows.token.record.generation});
    if (renewed.how != refresh::result::refreshed && renewed.how != refresh::result::untouched) {
        co_return renewed.why;
    }
    co_return co_await open(workspace, id);
}

health_view account_tokens::describe(held_token const& with, answer const& said) const {
    auto const& row = with.rows.account.record;
    if (said.has_value()) {
        auto const& name = said->username.empty() ? said->id : said->username;
        return view(row, "ok", with.platform->title + " says that this is " + name + ".");
    }
    auto const& why = said.error();
    switch (why.what) {
    case platforms::verdict::refused:
        return view(row, "refused", with.platform->title + " refuses to say whose account this is.");
    case platforms::verdict::operator_fault:
        return view(row, "operator_fault", describe_refresh_failure(why, *with.platform).detail);
    case platforms::verdict::temporary:
    case platforms::verdict::unknown_outcome:
        break;
    }
    return view(row, "temporary", describe_refresh_failure(why, *with.platform).detail);
}

health_view account_tokens::view(storage::account const& row, std::string verdict, std::string detail) const {
    return {.account = row.id,
            .status = std::string{to_string(row.status)},
            .checked_at = clock_.now(),
            .verdict = std::move(verdict),
            .detail = std::move(detail)};
}

} // namespace connectd::server::services
