#include "server/services/workspace_remover.hpp"

#include "storage/tables/accounts.hpp"
#include "storage/tables/api_keys.hpp"
#include "storage/tables/credentials.hpp"
#include "storage/tables/idempotency.hpp"
#include "storage/tables/refresh_due.hpp"
#include "storage/tables/sessions.hpp"
#include "storage/tables/tokens.hpp"
#include "storage/tables/workspaces.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t page_size = 200;

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
        auto const workspace = row.record.id;
        auto done = co_await remove_accounts(workspace);
        if (done.has_value()) {
            done = co_await remove_records<storage::sessions, storage::session>(rows_of(workspace));
        }
        if (done.has_value()) {
            done =
                co_await remove_records<storage::credentials_table, storage::credentials>(rows_of(workspace));
        }
        if (done.has_value()) {
            done = co_await remove_records<storage::api_keys, storage::api_key>(rows_of(workspace));
        }
        if (done.has_value()) {
            done = co_await remove_records<storage::kept_answers, storage::kept_answer>(
                storage::kept_answers::rows_of(workspace));
        }
        for (auto const where : plain_families) {
            if (done.has_value()) {
                done = co_await remove_rows(where, workspace);
            }
        }
        if (done.has_error()) {
            co_return done.error();
        }
        if (clock_.now() - *row.record.deleted_at < afterwards) {
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

// With the token and the time at which it would be refreshed.
runtime::task<outcome<void>> workspace_remover::remove_accounts(crypto::workspace_id workspace) {
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
            storage::refresh_dues::move(batch, storage::due_of(row), std::nullopt);
            batch.erase(storage::tokens::where, storage::tokens::key(workspace, row.id));
            storage::accounts::erase(batch, row);
        }
        if (auto const written = co_await store_.commit(std::move(batch)); written.has_error()) {
            co_return written.error();
        }
    }
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
