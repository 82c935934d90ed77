#include "storage/memory/memory_store.hpp"

#include <algorithm>
#include <utility>

namespace connectd::storage {

task<result<std::optional<row>>> memory_store::get(family where, std::string key) {
    std::scoped_lock const lock(mutex_);
    if (closed_)
        co_return errc::store_closed;
    auto const& rows = families_[index_of(where)];
    auto const found = rows.find(key);
    if (found == rows.end())
        co_return std::nullopt;
    co_return found->second;
}

task<result<page>> memory_store::scan(family where, scan_range range) {
    std::scoped_lock const lock(mutex_);
    co_return read_page(where, range);
}

task<result<std::uint64_t>> memory_store::commit(write_batch batch) {
    std::scoped_lock const lock(mutex_);
    co_return apply(std::move(batch));
}

bool memory_store::writable() const noexcept {
    std::scoped_lock const lock(mutex_);
    return !closed_ && failure_.empty();
}

std::string memory_store::failure() const {
    std::scoped_lock const lock(mutex_);
    if (failure_.empty() && closed_)
        return "the store is closed";
    return failure_;
}

void memory_store::close() {
    std::scoped_lock const lock(mutex_);
    closed_ = true;
}

void memory_store::fail_writes(std::string reason) {
    std::scoped_lock const lock(mutex_);
    failure_ = std::move(reason);
}

bool memory_store::holds(write_batch::guard const& guard) const {
    auto const& rows = families_[index_of(guard.where)];
    auto const found = rows.find(guard.key);
    if (found == rows.end())
        return !guard.version;
    return guard.version == found->second.version;
}

result<std::uint64_t> memory_store::apply(write_batch batch) {
    if (closed_)
        return errc::store_closed;
    if (!batch.within_limits())
        return errc::limit_exceeded;
    if (!failure_.empty())
        return errc::store_failed;
    if (!std::ranges::all_of(batch.guards(), [this](auto const& guard) { return holds(guard); }))
        return errc::guard_failed;
    if (batch.operations().empty())
        return last_version_;
    ++last_version_;
    for (auto const& operation : batch.operations()) {
        auto& rows = families_[index_of(operation.where)];
        if (operation.value)
            rows.insert_or_assign(operation.stamped_key(last_version_), row{*operation.value, last_version_});
        else
            rows.erase(operation.key);
    }
    return last_version_;
}

result<page> memory_store::read_page(family where, scan_range const& range) const {
    if (closed_)
        return errc::store_closed;
    page found;
    if (!range.to.empty() && range.from >= range.to)
        return found;
    auto const& rows = families_[index_of(where)];
    auto const first = rows.lower_bound(range.from);
    auto const last = range.to.empty() ? rows.end() : rows.lower_bound(range.to);
    std::size_t bytes = 0;
    auto const collect = [&](auto at, auto const end) {
        for (; at != end; ++at) {
            if (found.rows.size() == effective_limit(range) || bytes >= max_page_bytes) {
                found.resume = resume_after(range, found.rows.back().key);
                return;
            }
            bytes += at->first.size() + at->second.value.size();
            found.rows.push_back({at->first, at->second.value, at->second.version});
        }
    };
    if (range.reverse)
        collect(std::make_reverse_iterator(last), std::make_reverse_iterator(first));
    else
        collect(first, last);
    return found;
}

} // namespace connectd::storage
