#include "server/services/audit_sweeper.hpp"

#include "storage/tables/audit.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t page_size = 500;

} // namespace

runtime::task<outcome<std::size_t>> audit_sweeper::run() {
    std::size_t removed = 0;
    std::optional<crypto::workspace_id> chain;
    for (;;) {
        auto const next = co_await storage::audit_log::next_chain(store_, chain);
        if (next.has_error()) {
            co_return next.error();
        }
        if (!*next) {
            co_return removed;
        }
        chain = *next;
        auto const swept = co_await sweep(*chain);
        if (swept.has_error()) {
            co_return swept.error();
        }
        removed += *swept;
    }
}

runtime::task<outcome<std::size_t>> audit_sweeper::sweep(crypto::workspace_id workspace) {
    std::size_t removed = 0;
    for (;;) {
        auto const anchor = co_await storage::audit_log::anchor(store_, workspace);
        if (anchor.has_error()) {
            co_return anchor.error();
        }
        auto const first = *anchor ? (*anchor)->record.number : 0;
        auto rows = co_await storage::audit_log::read(store_, workspace, first, page_size);
        if (rows.has_error()) {
            co_return rows.error();
        }
        auto old = std::move(rows->items);
        bool const is_end = !rows->next_cursor;
        auto const young = std::ranges::find_if(
            old, [this](auto const& each) { return each.record.at > clock_.now() - retention_; });
        bool const all_old = young == old.end();
        old.erase(young, old.end());
        if (all_old && is_end && !old.empty()) {
            old.pop_back(); // it may be the head
        }
        if (old.empty()) {
            co_return removed;
        }
        storage::write_batch batch;
        storage::audit_log::cut(batch, *anchor, old);
        auto const written = co_await store_.commit(std::move(batch));
        if (written.has_error()) {
            co_return written.error();
        }
        removed += old.size();
    }
}

} // namespace connectd::server::services
