#include "storage/tables/event_retention.hpp"

namespace connectd::storage {
namespace {

// Ids begin with the time at which they were made: 48 bits of milliseconds, as in the key_codec's numbers.
std::string first_id_of(sys_ms moment) {
    auto const number =
        key_writer().number(static_cast<std::uint64_t>(moment.time_since_epoch().count())).take();
    return number.substr(2);
}

} // namespace

task<result<listing<stored<event>>>> events_before(kv& store, crypto::workspace_id workspace, sys_ms moment,
                                                   std::size_t limit) {
    auto const rows = key_writer().id(workspace).tag(rows_tag).take();
    auto const found = co_await store.scan(events::where, {rows, rows + first_id_of(moment), limit, false});
    if (!found)
        co_return found.error();
    listing<stored<event>> list;
    for (auto const& row : found->rows) {
        auto record = decode_record<event>(row.value);
        if (!record)
            co_return record.error();
        list.items.push_back({std::move(*record), row.version});
    }
    list.next_cursor = found->resume;
    co_return list;
}

// The rows that its creation has written, one of which has the number of the commit in its key.
void forget_event(write_batch& batch, stored<event> const& old) {
    write_batch made;
    events::create(made, old.record);
    for (auto const& operation : made.operations())
        batch.erase(operation.where, operation.stamp_at ? operation.stamped_key(old.version) : operation.key);
}

} // namespace connectd::storage
