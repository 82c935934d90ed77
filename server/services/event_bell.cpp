#include "server/services/event_bell.hpp"

#include "storage/tables/events.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace connectd::server::services {
namespace {

storage::task<storage::result<std::uint64_t>> commit_and_ring(storage::kv& below, event_bell const& bell,
                                                              storage::write_batch batch,
                                                              std::vector<crypto::workspace_id> told) {
    auto const written = co_await below.commit(std::move(batch));
    if (written.has_value()) {
        for (auto const workspace : told) {
            bell.ring(workspace);
        }
    }
    co_return written;
}

} // namespace

void event_bell::ring(crypto::workspace_id workspace) const {
    for (auto const& each : listeners_) {
        if (each.interested == nullptr || each.interested->load() > 0) {
            boost::asio::post(each.where, [&each, workspace] { each.heard(workspace); });
        }
    }
}

storage::task<storage::result<std::uint64_t>> ringing_store::commit(storage::write_batch batch) {
    std::vector<crypto::workspace_id> told;
    for (auto const& operation : batch.operations()) {
        auto const workspace = storage::events::logged_for(operation);
        if (workspace && std::ranges::find(told, *workspace) == told.end()) {
            told.push_back(*workspace);
        }
    }
    if (told.empty()) {
        return below_.commit(std::move(batch));
    }
    return commit_and_ring(below_, bell_, std::move(batch), std::move(told));
}

} // namespace connectd::server::services
