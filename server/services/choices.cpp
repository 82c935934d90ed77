#include "server/services/choices.hpp"

#include "server/services/candidates.hpp"
#include "server/services/input.hpp"
#include "server/services/platform_choice.hpp"
#include "server/services/token_vault.hpp"
#include "storage/tables/sessions.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

callback_answer answer(storage::session const& row, platforms::descriptor const& platform) {
    return {.workspace = row.workspace,
            .session = row.id,
            .platform = row.platform,
            .platform_title = platform.title,
            .return_url = row.return_url,
            .cancel_url = row.cancel_url,
            .dialect = row.dialect,
            .accounts = {},
            .waiting = {},
            .why = {}};
}

} // namespace

runtime::task<outcome<choices::result>> choices::choose(crypto::workspace_id workspace, std::string id,
                                                        std::vector<std::string> candidate_ids) {
    auto const parsed = parse_id<crypto::session_id>(id, errc::session_not_found);
    if (parsed.has_error()) {
        co_return parsed.error();
    }
    auto const row = co_await storage::sessions::get(store_, workspace, *parsed);
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::session_not_found;
    }
    auto const platform = choose_platform(catalog_, settings_, (*row)->record.platform);
    if (platform.has_error()) {
        co_return platform.error();
    }
    auto connected = co_await complete((*row)->record, **platform, std::move(candidate_ids));
    if (connected.has_error()) {
        co_return connected.error();
    }
    auto ended = co_await sessions_.get(workspace, std::move(id));
    if (ended.has_error()) {
        co_return ended.error();
    }
    co_return result{std::move(*ended), std::move(*connected)};
}

runtime::task<outcome<callback_answer>> choices::submit(std::string id, crypto::secret browser,
                                                        std::vector<std::string> candidate_ids) {
    auto const row = co_await sessions_.find_bound(std::move(id), std::move(browser));
    if (row.has_error()) {
        co_return row.error();
    }
    auto const platform = choose_platform(catalog_, settings_, row->record.platform);
    if (platform.has_error()) {
        co_return platform.error();
    }
    auto connected = co_await complete(row->record, **platform, std::move(candidate_ids));
    if (connected.has_error()) {
        co_return connected.error();
    }
    auto ended = answer(row->record, **platform);
    ended.accounts = std::move(*connected);
    co_return ended;
}

runtime::task<outcome<callback_answer>> choices::cancel(std::string id, crypto::secret browser) {
    auto const row = co_await sessions_.find_bound(std::move(id), std::move(browser));
    if (row.has_error()) {
        co_return row.error();
    }
    auto const platform = choose_platform(catalog_, settings_, row->record.platform);
    if (platform.has_error()) {
        co_return platform.error();
    }
    auto held = co_await hold(store_, claims_, clock_, row->record, storage::session_status::choosing);
    if (held.has_error()) {
        co_return held.error();
    }
    failure const why{errc::consent_denied, "Nothing was chosen to be connected."};
    auto const written = co_await end_unconnected(store_, clock_, std::move(held->row), why);
    if (written.has_error()) {
        co_return written.error();
    }
    auto ended = answer(row->record, **platform);
    ended.why = why;
    co_return ended;
}

runtime::task<outcome<std::vector<account_view>>> choices::complete(storage::session row,
                                                                    platforms::descriptor const& platform,
                                                                    std::vector<std::string> candidate_ids) {
    auto const waits = require_status(row, storage::session_status::choosing, clock_.now());
    if (waits.has_error()) {
        co_return waits.error();
    }
    auto const grant = co_await open_choices(keys_, row);
    if (grant.has_error()) {
        co_return grant.error();
    }
    auto chosen = pick(*grant, candidate_ids);
    if (chosen.has_error()) {
        co_return chosen.error();
    }
    auto held = co_await hold(store_, claims_, clock_, row, storage::session_status::choosing);
    if (held.has_error()) {
        co_return held.error();
    }
    new_connection made{.workspace = row.workspace,
                        .profile = row.profile,
                        .credentials = row.credentials,
                        .quickstart = row.quickstart,
                        .instance = row.instance,
                        .platform = &platform,
                        .accounts = std::move(*chosen),
                        .grant_owner = grant->who->id,
                        .asked_scopes = std::move(row.scopes),
                        .metadata = std::move(row.metadata),
                        .reconnect = {},
                        .session = {}};
    co_return co_await tasks_.run("choice", store(std::move(*held), std::move(made)));
}

// The session is held until its end is written, also when nobody waits for that any more.
runtime::task<outcome<std::vector<account_view>>> choices::store(held_session held, new_connection made) {
    made.session = std::move(held.row);
    co_return co_await commit_.store(std::move(made));
}

} // namespace connectd::server::services
