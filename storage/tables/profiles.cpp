#include "storage/tables/profiles.hpp"

#include "storage/count_rows.hpp"

namespace connectd::storage {
namespace {

constexpr std::uint8_t external_id_tag = 0x02;

std::string external_id_key(crypto::workspace_id workspace, std::string_view external_id) {
    return key_writer().id(workspace).tag(external_id_tag).text(external_id).take();
}

} // namespace

std::string profiles::key(crypto::workspace_id workspace, crypto::profile_id id) {
    return key_writer().id(workspace).tag(rows_tag).id(id).take();
}

std::vector<index_row> profiles::indexes(profile const& record) {
    if (record.external_id.empty())
        return {};
    return {{external_id_key(record.workspace, record.external_id), true}};
}

task<result<std::optional<stored<profile>>>> profiles::get(kv& store, crypto::workspace_id workspace,
                                                           crypto::profile_id id) {
    return fetch(store, key(workspace, id));
}

task<result<std::optional<stored<profile>>>>
profiles::find_by_external_id(kv& store, crypto::workspace_id workspace, std::string external_id) {
    return follow(store, external_id_key(workspace, external_id));
}

task<result<listing<profile>>> profiles::list(kv& store, crypto::workspace_id workspace,
                                              std::optional<std::string> cursor, std::size_t limit) {
    return list_rows(store, under(key_writer().id(workspace).tag(rows_tag).take()), std::move(cursor), limit);
}

task<result<std::size_t>> profiles::count(kv& store, crypto::workspace_id workspace, std::size_t most) {
    return count_rows(store, where, key_writer().id(workspace).tag(rows_tag).take(), most);
}

} // namespace connectd::storage
