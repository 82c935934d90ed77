#include "server/services/event_sweeper.hpp"

#include "storage/tables/event_retention.hpp"
#include "storage/tables/workspaces.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t page_size = 200;

} // namespace

runtime::task<outcome<std::size_t>> event_sweeper::run() {
    std::size_t removed = 0;
    std::optional<std::string> cursor;
    do {
        auto page = co_await storage::workspaces::list(store_, std::move(cursor), page_size);
        if (page.has_error()) {
            co_return failure{page.error()};
        }
        for (auto const& row : page->items) {
            if (!row.event_days || row.deleted_at) {
                continue;
            }
            auto const swept = co_await sweep(row.id, clock_.now() - std::chrono::days{*row.event_days});
            if (swept.has_error()) {
                co_return swept.error();
            }
            removed += *swept;
        }
        cursor = std::move(page->next_cursor);
    } while (cursor);
    co_return removed;
}

runtime::task<outcome<std::size_t>> event_sweeper::sweep(crypto::workspace_id workspace,
                                                         runtime::sys_ms oldest) {
    std::size_t removed = 0;
    for (;;) {
        auto const page = co_await storage::events_before(store_, workspace, oldest, page_size);
        if (page.has_error()) {
            co_return failure{page.error()};
        }
        if (page->items.empty()) {
            co_return removed;
        }
        storage::write_batch batch;
        for (auto const& old : page->items) {
            storage::forget_event(batch, old);
        }
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_error()) {
            co_return failure{written.error()};
        }
        removed += page->items.size();
    }
}

} // namespace connectd::server::services
