#include "server/services/workspace_remover.hpp"

#include "server/services/token_vault.hpp"
#include "storage/tables/api_keys.hpp"
#include "storage/tables/credentials.hpp"
#include "storage/tables/idempotency.hpp"
#include "storage/tables/outbox.hpp"
#include "storage/tables/refresh_due.hpp"
#include "storage/tables/sessions.hpp"
#include "storage/tables/tokens.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t page_size = 200;

// Between two attempts of a revocation it is never as long.
constexpr std::chrono::hours longest_pause{24};

// Those whose rows all begin with the workspace's id. Of others each record says which rows it has elsewhere.
constexpr storage::family plain_families[] = {
    storage::family::data_keys, storage::family::api_keys, storage::family::profiles,
    storage::family::tokens,    storage::family::webhooks, storage::family::events,
};

storage::key_range rows_of(crypto::workspace_id workspace) {
    return storage::under(storage::key_writer().id(workspace).tag(storage::rows_tag).take());
}

} // namespace

runtime::task<outcome<std::size_t>> workspace_remover::run() {
    std::size_t gone = 0;
    auto const deleted = co_await storage::workspaces::list_deleted(store_, std::nullopt, page_size);
    if (deleted.has_error()) {
        co_return failure{deleted.error()};
    }
    for (auto const& row : deleted->items) {
        auto const removed = co_await remove(row.record);
        if (removed.has_error()) {
            co_return removed.error();
        }
        if (!*removed || clock_.now() - *row.record.deleted_at < afterwards) {
            continue;
        }
        storage::write_batch batch;
        storage::workspaces::erase(batch, row);
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_error() && written.error() != storage::errc::guard_failed) {
            co_return failure{written.error()};
        }
        ++gone;
    }
    co_return gone;
}

// Whether nothing is left but the workspace's own row. Endpoints go first: they are to hear nothing more.
runtime::task<outcome<bool>> workspace_remover::remove(storage::workspace const& row) {
    auto const workspace = row.id;
    auto done = co_await remove_rows(storage::family::webhooks, workspace);
    if (done.has_value()) {
        done = co_await remove_records<storage::sessions, storage::session>(rows_of(workspace));
    }
    if (done.has_value()) {
        done = co_await remove_records<storage::api_keys, storage::api_key>(rows_of(workspace));
    }
    if (done.has_value()) {
        done = co_await part_with_accounts(workspace);
    }
    if (done.has_error()) {
        co_return done.error();
    }
    auto const waits = co_await owes(workspace);
    if (waits.has_error() || *waits) {
        co_return waits.has_error() ? outcome<bool>{waits.error()} : false;
    }
    done = co_await remove_records<storage::credentials_table, storage::credentials>(rows_of(workspace));
    if (done.has_value()) {
        done = co_await remove_records<storage::kept_answers, storage::kept_answer>(
            storage::kept_answers::rows_of(workspace));
    }
    for (auto const where : plain_families) {
        if (done.has_value()) {
            done = co_await remove_rows(where, workspace);
        }
    }
    co_return done.has_error() ? outcome<bool>{done.error()} : true;
}

runtime::task<outcome<void>> workspace_remover::part_with_accounts(crypto::workspace_id workspace) {
    for (;;) {
        auto const page = co_await storage::accounts::list(store_, workspace, {}, std::nullopt, page_size);
        if (page.has_error()) {
            co_return page.error();
        }
        if (page->items.empty()) {
            co_return outcome<void>{};
        }
        storage::write_batch batch;
        for (auto const& row : page->items) {
            if (auto const parted = co_await part_with(batch, row); parted.has_error()) {
                co_return parted.error();
            }
        }
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_error() && written.error() != storage::errc::guard_failed) {
            co_return written.error();
        }
    }
}

// With the token, for which a revocation is owed from then on, and the time at which it would be refreshed. A
// refresh that is under way moves the token's row and is waited for; what it brings later it gives back
// itself.
runtime::task<outcome<void>> workspace_remover::part_with(storage::write_batch& batch,
                                                          storage::account const& row) {
    auto const token = co_await storage::tokens::get(store_, row.workspace, row.id);
    if (token.has_error()) {
        co_return token.error();
    }
    if (*token) {
        if (auto opened = co_await open_token(keys_, (*token)->record); opened.has_value()) {
            auto const owed = co_await grants_.owe({row, std::move(*opened), false}, 1, {});
            if (owed.has_value()) {
                storage::revocations::put(batch, *owed);
            }
        }
        storage::tokens::erase(batch, **token);
    }
    storage::refresh_dues::move(batch, storage::due_of(row), std::nullopt);
    storage::accounts::erase(batch, row);
    co_return outcome<void>{};
}

// Few are owed at any time, and all of them within hours.
runtime::task<outcome<bool>> workspace_remover::owes(crypto::workspace_id workspace) {
    std::optional<std::string> cursor;
    do {
        auto page = co_await storage::revocations::list_due(store_, clock_.now() + longest_pause,
                                                            std::move(cursor), page_size);
        if (page.has_error()) {
            co_return failure{page.error()};
        }
        if (std::ranges::any_of(page->items,
                                [&](auto const& each) { return each.record.workspace == workspace; })) {
            co_return true;
        }
        cursor = std::move(page->next_cursor);
    } while (cursor);
    co_return false;
}

template <class Table, class Record>
runtime::task<outcome<void>> workspace_remover::remove_records(storage::key_range range) {
    for (;;) {
        auto const page = co_await store_.scan(Table::where, {range.from, range.to, page_size, false});
        if (page.has_error()) {
            co_return page.error();
        }
        if (page->rows.empty()) {
            co_return outcome<void>{};
        }
        storage::write_batch batch;
        for (auto const& row : page->rows) {
            if (auto const record = storage::decode_record<Record>(row.value); record.has_value()) {
                Table::erase(batch, *record);
            }
            batch.erase(Table::where, row.key); // one that is damaged goes as well
        }
        if (auto const written = co_await store_.commit(std::move(batch)); written.has_error()) {
            co_return written.error();
        }
    }
}

runtime::task<outcome<void>> workspace_remover::remove_rows(storage::family where,
                                                            crypto::workspace_id workspace) {
    auto const range = storage::under(storage::key_writer().id(workspace).take());
    for (;;) {
        auto const page = co_await store_.scan(where, {range.from, range.to, page_size, false});
        if (page.has_error()) {
            co_return page.error();
        }
        if (page->rows.empty()) {
            co_return outcome<void>{};
        }
        storage::write_batch batch;
        for (auto const& row : page->rows) {
            batch.erase(where, row.key);
        }
        if (auto const written = co_await store_.commit(std::move(batch)); written.has_error()) {
            co_return written.error();
        }
    }
}

} // namespace connectd::server::services
