#include "storage/tables/refresh_due.hpp"

namespace connectd::storage {

std::string lane_of(account const& record) {
    auto const& server = record.instance.empty() ? record.api_base : record.instance;
    return server.empty() ? record.platform : record.platform + " " + server;
}

std::optional<refresh_due> due_of(account const& record) {
    if (!record.next_refresh_at && !record.next_notice_at)
        return std::nullopt;
    refresh_due row{.due = {}, .workspace = record.workspace, .account = record.id};
    if (record.next_refresh_at &&
        (!record.next_notice_at || *record.next_refresh_at <= *record.next_notice_at)) {
        row.due = *record.next_refresh_at;
        row.lane = lane_of(record);
    } else {
        row.due = *record.next_notice_at;
        row.kind = due_kind::notice;
    }
    return row;
}

std::string refresh_dues::key(refresh_due const& record) {
    return key_writer().time(record.due).id(record.workspace).id(record.account).take();
}

void refresh_dues::move(write_batch& batch, std::optional<refresh_due> const& before,
                        std::optional<refresh_due> const& after) {
    if (before)
        erase(batch, *before);
    if (after)
        put(batch, *after);
}

task<result<listing<refresh_due>>>
refresh_dues::list_due(kv& store, sys_ms until, std::optional<std::string> cursor, std::size_t limit) {
    key_range keys{{}, cursor_at(until + std::chrono::milliseconds(1))};
    return list_rows(store, std::move(keys), std::move(cursor), limit);
}

std::string refresh_dues::cursor_at(sys_ms moment) {
    return key_writer().time(moment).take();
}

} // namespace connectd::storage
