#include "storage/tables/events.hpp"

namespace connectd::storage {
namespace {

constexpr std::uint8_t log_tag = 0x02;

std::string log_prefix(crypto::workspace_id workspace) {
    return key_writer().id(workspace).tag(log_tag).take();
}

result<logged_event> read_entry(keyed_row const& row) {
    key_reader key(row.key);
    key.raw(crypto::workspace_id{}.raw().size());
    key.tag();
    logged_event entry;
    entry.place.commit = key.number64();
    entry.place.event = key.id<crypto::event_id>();
    auto mark = decode_record<event_mark>(row.value);
    if (!mark || !key.complete())
        return errc::corrupt_record;
    entry.mark = std::move(*mark);
    return entry;
}

} // namespace

std::string events::key(crypto::workspace_id workspace, crypto::event_id id) {
    return key_writer().id(workspace).tag(rows_tag).id(id).take();
}

void events::create(write_batch& batch, event const& record) {
    table::create(batch, record);
    batch.put_stamped(where, log_prefix(record.workspace), record.id.raw(),
                      encode_record(event_mark{record.type, record.account}));
}

std::optional<crypto::workspace_id> events::logged_for(write_batch::operation const& what) {
    if (what.where != where || !what.stamp_at)
        return std::nullopt;
    key_reader parts(what.key);
    return parts.id<crypto::workspace_id>();
}

task<result<std::optional<stored<event>>>> events::get(kv& store, crypto::workspace_id workspace,
                                                       crypto::event_id id) {
    return fetch(store, key(workspace, id));
}

task<result<listing<logged_event>>> events::read_log(kv& store, crypto::workspace_id workspace,
                                                     std::optional<event_place> after, std::size_t limit) {
    auto keys = under(log_prefix(workspace));
    if (after)
        keys.from = key_writer().raw(keys.from).number(after->commit).id(after->event).take() + '\0';
    auto found = co_await store.scan(where, {std::move(keys.from), std::move(keys.to), limit, false});
    if (!found)
        co_return found.error();
    listing<logged_event> log;
    for (auto const& row : found->rows) {
        auto entry = read_entry(row);
        if (!entry)
            co_return entry.error();
        log.items.push_back(std::move(*entry));
    }
    log.next_cursor = std::move(found->resume);
    co_return log;
}

task<result<std::optional<event_place>>> events::last(kv& store, crypto::workspace_id workspace) {
    auto keys = under(log_prefix(workspace));
    auto found = co_await store.scan(where, {std::move(keys.from), std::move(keys.to), 1, true});
    if (!found)
        co_return found.error();
    if (found->rows.empty())
        co_return std::nullopt;
    auto const entry = read_entry(found->rows.front());
    if (!entry)
        co_return entry.error();
    co_return entry->place;
}

task<result<listing<event>>> events::list_after(kv& store, crypto::workspace_id workspace,
                                                std::optional<event_place> after, std::size_t limit) {
    auto const log = co_await read_log(store, workspace, after, limit);
    if (!log)
        co_return log.error();
    listing<event> list{{}, log->next_cursor};
    for (auto const& entry : log->items) {
        auto found = co_await get(store, workspace, entry.place.event);
        if (!found)
            co_return found.error();
        if (*found)
            list.items.push_back(std::move((*found)->record));
    }
    co_return list;
}

} // namespace connectd::storage
