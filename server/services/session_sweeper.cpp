#include "server/services/session_sweeper.hpp"

#include "server/services/account_events.hpp"
#include "server/services/session_steps.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/sessions.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t page_size = 200;

} // namespace

runtime::task<outcome<session_sweeper::swept>> session_sweeper::run() {
    auto const expired = co_await expire();
    if (expired.has_error()) {
        co_return expired.error();
    }
    auto const removed = co_await remove();
    if (removed.has_error()) {
        co_return removed.error();
    }
    co_return swept{*expired, *removed};
}

runtime::task<outcome<std::size_t>> session_sweeper::expire() {
    auto const now = clock_.now();
    std::size_t count = 0;
    std::optional<std::string> cursor;
    do {
        auto page = co_await storage::sessions::list_expired(store_, now, std::move(cursor), page_size);
        if (page.has_error()) {
            co_return page.error();
        }
        for (auto const& row : page->items) {
            auto const claim = claims_.take(row.record.id);
            if (!claim) {
                continue; // a callback came in the last moment and is at the platform
            }
            auto const updated =
                ended(row.record, storage::session_status::expired,
                      {errc::session_expired, "Nobody finished the connect session in time."}, now);
            storage::write_batch batch;
            storage::sessions::replace(batch, row, updated);
            storage::events::create(batch, connect_failed_event(updated, true, now));
            auto const written = co_await store_.commit(std::move(batch));
            if (written.has_error() && written.error() != storage::errc::guard_failed) {
                co_return written.error();
            }
            count += written.has_value() ? 1U : 0U;
        }
        cursor = std::move(page->next_cursor);
    } while (cursor);
    co_return count;
}

runtime::task<outcome<std::size_t>> session_sweeper::remove() {
    std::size_t count = 0;
    std::optional<std::string> cursor;
    do {
        auto page = co_await storage::sessions::list_finished(store_, clock_.now() - retention,
                                                              std::move(cursor), page_size);
        if (page.has_error()) {
            co_return page.error();
        }
        storage::write_batch batch;
        for (auto const& row : page->items) {
            storage::sessions::erase(batch, row.record); // ended sessions do not change any more
        }
        if (!batch.empty()) {
            auto const written = co_await store_.commit(std::move(batch));
            if (written.has_error()) {
                co_return written.error();
            }
        }
        count += page->items.size();
        cursor = std::move(page->next_cursor);
    } while (cursor);
    co_return count;
}

} // namespace connectd::server::services
