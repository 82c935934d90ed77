#include "storage/tables/events.hpp"

namespace connectd::storage {

std::string events::key(crypto::workspace_id workspace, crypto::event_id id) {
    return key_writer().id(workspace).tag(rows_tag).id(id).take();
}

task<result<std::optional<stored<event>>>> events::get(kv& store, crypto::workspace_id workspace,
                                                       crypto::event_id id) {
    return fetch(store, key(workspace, id));
}

task<result<listing<event>>> events::list_after(kv& store, crypto::workspace_id workspace,
                                                std::optional<crypto::event_id> after, std::size_t limit) {
    std::optional<std::string> cursor;
    if (after)
        cursor = key(workspace, *after) + '\0';
    return list_rows(store, under(key_writer().id(workspace).tag(rows_tag).take()), std::move(cursor), limit);
}

} // namespace connectd::storage
