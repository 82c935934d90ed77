#include "storage/tables/webhooks.hpp"

namespace connectd::storage {
namespace {

constexpr std::uint8_t lane_tag = 0x02;
constexpr std::uint8_t delivery_tag = 0x03;
constexpr std::uint8_t queue_tag = 0x04;

key_writer tagged(crypto::workspace_id workspace, std::uint8_t tag) {
    return key_writer().id(workspace).tag(tag);
}

std::string deliveries_of(crypto::workspace_id workspace, crypto::webhook_id webhook) {
    return tagged(workspace, delivery_tag).id(webhook).take();
}

std::string queue_of(crypto::workspace_id workspace, crypto::webhook_id webhook) {
    return tagged(workspace, queue_tag).id(webhook).take();
}

// The first key of a range; nothing when it is empty.
task<result<std::optional<std::string>>> first_key(kv& store, key_range keys) {
    auto found = co_await store.scan(webhooks::where, {std::move(keys.from), std::move(keys.to), 1, false});
    if (!found)
        co_return found.error();
    if (found->rows.empty())
        co_return std::nullopt;
    co_return std::move(found->rows.front().key);
}

} // namespace

std::string webhooks::key(crypto::workspace_id workspace, crypto::webhook_id id) {
    return tagged(workspace, rows_tag).id(id).take();
}

task<result<std::optional<stored<webhook>>>> webhooks::get(kv& store, crypto::workspace_id workspace,
                                                           crypto::webhook_id id) {
    return fetch(store, key(workspace, id));
}

task<result<listing<webhook>>> webhooks::list(kv& store, crypto::workspace_id workspace,
                                              std::optional<std::string> cursor, std::size_t limit) {
    return list_rows(store, under(tagged(workspace, rows_tag).take()), std::move(cursor), limit);
}

task<result<std::optional<crypto::workspace_id>>>
webhooks::next_workspace(kv& store, std::optional<crypto::workspace_id> after) {
    auto from = after ? prefix_end(key_writer().id(*after).take()) : std::string();
    auto const found = co_await first_key(store, {std::move(from), {}});
    if (!found)
        co_return found.error();
    if (!*found)
        co_return std::nullopt;
    key_reader parts(**found);
    co_return parts.id<crypto::workspace_id>();
}

std::string webhook_lanes::key(crypto::workspace_id workspace, crypto::webhook_id id) {
    return tagged(workspace, lane_tag).id(id).take();
}

task<result<std::optional<stored<webhook_lane>>>>
webhook_lanes::get(kv& store, crypto::workspace_id workspace, crypto::webhook_id id) {
    return fetch(store, key(workspace, id));
}

std::string deliveries::key(crypto::workspace_id workspace, crypto::webhook_id webhook,
                            crypto::event_id event) {
    return deliveries_of(workspace, webhook).append(event.raw());
}

std::vector<index_row> deliveries::indexes(delivery const& record) {
    if (record.status != delivery_status::queued)
        return {};
    return {{queue_of(record.workspace, record.webhook).append(record.event.raw())}};
}

task<result<std::optional<stored<delivery>>>> deliveries::get(kv& store, crypto::workspace_id workspace,
                                                              crypto::webhook_id webhook,
                                                              crypto::event_id event) {
    return fetch(store, key(workspace, webhook, event));
}

task<result<listing<stored<delivery>>>> deliveries::list_latest(kv& store, crypto::workspace_id workspace,
                                                                crypto::webhook_id webhook,
                                                                std::optional<std::string> cursor,
                                                                std::size_t limit) {
    auto keys = under(deliveries_of(workspace, webhook));
    if (cursor) {
        if (*cursor < keys.from || *cursor > keys.to)
            co_return errc::invalid_cursor;
        keys.to = std::move(*cursor);
    }
    auto found = co_await store.scan(where, {std::move(keys.from), std::move(keys.to), limit, true});
    if (!found)
        co_return found.error();
    listing<stored<delivery>> list;
    for (auto const& row : found->rows) {
        auto record = decode_record<delivery>(row.value);
        if (!record)
            co_return record.error();
        list.items.push_back({std::move(*record), row.version});
    }
    list.next_cursor = std::move(found->resume);
    co_return list;
}

task<result<listing<stored<delivery>>>> deliveries::list_oldest(kv& store, crypto::workspace_id workspace,
                                                                crypto::webhook_id webhook,
                                                                std::optional<std::string> cursor,
                                                                std::size_t limit) {
    return list_rows<stored<delivery>>(store, under(deliveries_of(workspace, webhook)), std::move(cursor),
                                       limit);
}

task<result<std::optional<stored<delivery>>>>
deliveries::first_queued(kv& store, crypto::workspace_id workspace, crypto::webhook_id webhook) {
    auto found = co_await list_index<stored<delivery>>(store, under(queue_of(workspace, webhook)), {}, 1);
    if (!found)
        co_return found.error();
    if (found->items.empty())
        co_return std::nullopt;
    co_return std::move(found->items.front());
}

task<result<std::optional<crypto::webhook_id>>>
deliveries::next_webhook(kv& store, crypto::workspace_id workspace, std::optional<crypto::webhook_id> after) {
    auto keys = under(tagged(workspace, delivery_tag).take());
    if (after)
        keys.from = prefix_end(deliveries_of(workspace, *after));
    auto const found = co_await first_key(store, std::move(keys));
    if (!found)
        co_return found.error();
    if (!*found)
        co_return std::nullopt;
    key_reader parts(**found);
    parts.raw(workspace.raw().size());
    parts.tag();
    co_return parts.id<crypto::webhook_id>();
}

} // namespace connectd::storage
