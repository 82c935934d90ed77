#include "server/services/credentials_sweeper.hpp"

#include "storage/tables/accounts.hpp"
#include "storage/tables/credentials.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

constexpr std::size_t page_size = 200;

} // namespace

runtime::task<outcome<std::size_t>> credentials_sweeper::run() {
    std::size_t done = 0;
    std::optional<std::string> cursor;
    do {
        auto page =
            co_await storage::credentials_table::list_due(store_, clock_.now(), std::move(cursor), page_size);
        if (page.has_error()) {
            co_return page.error();
        }
        for (auto const& row : page->items) {
            storage::write_batch batch;
            if (row.record.retired_at) {
                auto const users = co_await storage::accounts::list_by_credentials(
                    store_, row.record.workspace, row.record.id, std::nullopt, 1);
                if (users.has_error()) {
                    co_return users.error();
                }
                if (!users->items.empty()) {
                    continue;
                }
                storage::credentials_table::erase(batch, row);
            } else {
                auto wiped = row.record;
                wiped.previous_secret = {};
                wiped.previous_until.reset();
                storage::credentials_table::replace(batch, row, wiped);
            }
            auto const written = co_await store_.commit(std::move(batch));
            if (written.has_error() && written.error() != storage::errc::guard_failed) {
                co_return written.error(); // a change meanwhile leaves it to the next run
            }
            done += written.has_value() ? 1U : 0U;
        }
        cursor = std::move(page->next_cursor);
    } while (cursor);
    co_return done;
}

} // namespace connectd::server::services
