#include "server/services/refresh/desk.hpp"

#include "server/services/refresh/refresher.hpp"

#include <boost/asio/post.hpp>

namespace connectd::server::services::refresh {

runtime::task<report> desk::refresh(order what) {
    return backing_->tasks.run("refresh on request", serve(what));
}

// On the background thread, and to its end whether or not anybody still waits.
runtime::task<report> desk::serve(order what) {
    auto ended = co_await backing_->does_it.refresh(what);
    backing_->refreshed(ended);
    co_return ended;
}

void desk::changed(std::optional<storage::refresh_due> const& row) {
    if (row && row->due <= told_until_.load(std::memory_order_seq_cst)) {
        boost::asio::post(backing_->context, [this, row = *row] { backing_->changed(row); });
    }
}

} // namespace connectd::server::services::refresh
