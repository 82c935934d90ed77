#include "server/services/webhooks/delivery_sweeper.hpp"

#include "server/services/event_types.hpp"
#include "storage/tables/webhooks.hpp"

#include <optional>
#include <utility>

namespace connectd::server::services::webhooks {
namespace {

constexpr std::size_t page_size = 200;

bool has_ended(storage::delivery const& record) {
    return record.status == storage::delivery_status::delivered ||
           record.status == storage::delivery_status::failed;
}

void forget(storage::write_batch& batch, storage::stored<storage::delivery> const& old) {
    storage::deliveries::erase(batch, old);
    if (old.record.type == webhook_test_event) { // nobody else's
        batch.erase(storage::events::where, storage::events::key(old.record.workspace, old.record.event));
    }
}

} // namespace

runtime::task<outcome<std::size_t>> delivery_sweeper::run() {
    std::size_t removed = 0;
    std::optional<crypto::workspace_id> workspace;
    for (;;) {
        auto const next = co_await storage::webhooks::next_workspace(store_, workspace);
        if (next.has_error()) {
            co_return next.error();
        }
        if (!*next) {
            co_return removed;
        }
        workspace = *next;
        std::optional<crypto::webhook_id> webhook;
        for (;;) {
            auto const one = co_await storage::deliveries::next_webhook(store_, *workspace, webhook);
            if (one.has_error()) {
                co_return one.error();
            }
            if (!*one) {
                break;
            }
            webhook = *one;
            auto const swept = co_await sweep(*workspace, *webhook);
            if (swept.has_error()) {
                co_return swept.error();
            }
            removed += *swept;
        }
    }
}

runtime::task<outcome<std::size_t>> delivery_sweeper::sweep(crypto::workspace_id workspace,
                                                            crypto::webhook_id webhook) {
    auto const row = co_await storage::webhooks::get(store_, workspace, webhook);
    if (row.has_error()) {
        co_return row.error();
    }
    bool const there = row->has_value();
    auto const oldest = clock_.now() - retention;
    std::size_t removed = 0;
    std::optional<std::string> cursor;
    do {
        auto page = co_await storage::deliveries::list_oldest(store_, workspace, webhook, std::move(cursor),
                                                              page_size);
        if (page.has_error()) {
            co_return page.error();
        }
        storage::write_batch batch;
        std::size_t count = 0;
        bool young = false;
        for (auto const& each : page->items) {
            young = young || (there && each.record.created_at >= oldest);
            if (!there || (has_ended(each.record) && each.record.created_at < oldest)) {
                forget(batch, each);
                ++count;
            }
        }
        if (!batch.empty()) {
            auto const written = co_await store_.commit(std::move(batch));
            if (written.has_error() && written.error() != storage::errc::guard_failed) {
                co_return written.error(); // a change meanwhile leaves it to the next run
            }
            removed += written.has_value() ? count : 0;
        }
        cursor = young ? std::nullopt : std::move(page->next_cursor);
    } while (cursor);
    co_return removed;
}

} // namespace connectd::server::services::webhooks
