#include "storage/tables/sessions.hpp"

namespace connectd::storage {
namespace {

constexpr std::uint8_t state_tag = 0x01;
constexpr std::uint8_t expiry_tag = 0x02;
constexpr std::uint8_t finished_tag = 0x03;
constexpr std::uint8_t id_tag = 0x04;

std::string state_key(std::string_view digest) {
    return key_writer().tag(global_tag).tag(state_tag).raw(digest).take();
}

std::string id_key(crypto::session_id id) {
    return key_writer().tag(global_tag).tag(id_tag).id(id).take();
}

std::string sweep_key(session const& record) {
    auto const open = is_open(record);
    return key_writer()
        .tag(global_tag)
        .tag(open ? expiry_tag : finished_tag)
        .time(open ? record.expires_at : record.finished_at.value_or(record.expires_at))
        .id(record.workspace)
        .id(record.id)
        .take();
}

key_range sweep_until(std::uint8_t tag, sys_ms until) {
    return {key_writer().tag(global_tag).tag(tag).take(),
            key_writer().tag(global_tag).tag(tag).time(until + std::chrono::milliseconds(1)).take()};
}

} // namespace

std::string sessions::key(crypto::workspace_id workspace, crypto::session_id id) {
    return key_writer().id(workspace).tag(rows_tag).id(id).take();
}

std::vector<index_row> sessions::indexes(session const& record) {
    std::vector<index_row> rows;
    rows.push_back({sweep_key(record)});
    rows.push_back({id_key(record.id)});
    if (!record.state_digest.empty())
        rows.push_back({state_key(record.state_digest), true});
    return rows;
}

task<result<std::optional<stored<session>>>> sessions::get(kv& store, crypto::workspace_id workspace,
                                                           crypto::session_id id) {
    return fetch(store, key(workspace, id));
}

task<result<std::optional<stored<session>>>> sessions::find(kv& store, crypto::session_id id) {
    return follow(store, id_key(id));
}

task<result<std::optional<stored<session>>>> sessions::find_by_state(kv& store, std::string state_digest) {
    return follow(store, state_key(state_digest));
}

task<result<listing<session>>> sessions::list(kv& store, crypto::workspace_id workspace,
                                              std::optional<std::string> cursor, std::size_t limit) {
    return list_rows(store, under(key_writer().id(workspace).tag(rows_tag).take()), std::move(cursor), limit);
}

task<result<listing<stored<session>>>>
sessions::list_expired(kv& store, sys_ms until, std::optional<std::string> cursor, std::size_t limit) {
    return list_index<stored<session>>(store, sweep_until(expiry_tag, until), std::move(cursor), limit);
}

task<result<listing<stored<session>>>>
sessions::list_finished(kv& store, sys_ms until, std::optional<std::string> cursor, std::size_t limit) {
    return list_index<stored<session>>(store, sweep_until(finished_tag, until), std::move(cursor), limit);
}

} // namespace connectd::storage
