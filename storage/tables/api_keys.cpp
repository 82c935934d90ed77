#include "storage/tables/api_keys.hpp"

namespace connectd::storage {
namespace {

constexpr std::uint8_t use_tag = 0x02;
constexpr std::uint8_t digest_tag = 0x01;

std::string digest_key(std::string_view digest) {
    return key_writer().tag(global_tag).tag(digest_tag).raw(digest).take();
}

} // namespace

std::string api_keys::key(crypto::workspace_id workspace, crypto::api_key_id id) {
    return key_writer().id(workspace).tag(rows_tag).id(id).take();
}

std::vector<index_row> api_keys::indexes(api_key const& record) {
    std::vector<index_row> rows{{digest_key(record.digest), true}};
    if (!record.previous_digest.empty())
        rows.push_back({digest_key(record.previous_digest), true});
    return rows;
}

std::string api_key_uses::key(crypto::workspace_id workspace, crypto::api_key_id id) {
    return key_writer().id(workspace).tag(use_tag).id(id).take();
}

task<result<std::optional<stored<api_key_use>>>> api_key_uses::get(kv& store, crypto::workspace_id workspace,
                                                                   crypto::api_key_id id) {
    return fetch(store, key(workspace, id));
}

task<result<std::optional<stored<api_key>>>> api_keys::get(kv& store, crypto::workspace_id workspace,
                                                           crypto::api_key_id id) {
    return fetch(store, key(workspace, id));
}

task<result<std::optional<stored<api_key>>>> api_keys::find_by_digest(kv& store, std::string digest) {
    return follow(store, digest_key(digest));
}

task<result<listing<api_key>>> api_keys::list(kv& store, crypto::workspace_id workspace,
                                              std::optional<std::string> cursor, std::size_t limit) {
    return list_rows(store, under(key_writer().id(workspace).tag(rows_tag).take()), std::move(cursor), limit);
}

} // namespace connectd::storage
