#include "storage/tables/workspaces.hpp"

namespace connectd::storage {
namespace {

constexpr std::uint8_t slug_tag = 0x02;
constexpr std::uint8_t deleted_tag = 0x03;

std::string slug_key(std::string_view slug) {
    return key_writer().tag(global_tag).tag(slug_tag).text(slug).take();
}

} // namespace

std::string workspaces::key(crypto::workspace_id id) {
    return key_writer().tag(global_tag).tag(rows_tag).id(id).take();
}

std::vector<index_row> workspaces::indexes(workspace const& record) {
    if (record.deleted_at)
        return {{key_writer().tag(global_tag).tag(deleted_tag).id(record.id).take()}};
    return {{slug_key(record.slug), true}};
}

task<result<std::optional<stored<workspace>>>> workspaces::get(kv& store, crypto::workspace_id id) {
    return fetch(store, key(id));
}

task<result<std::optional<stored<workspace>>>> workspaces::find_by_slug(kv& store, std::string slug) {
    return follow(store, slug_key(slug));
}

task<result<listing<stored<workspace>>>>
workspaces::list_deleted(kv& store, std::optional<std::string> cursor, std::size_t limit) {
    return list_index<stored<workspace>>(store, under(key_writer().tag(global_tag).tag(deleted_tag).take()),
                                         std::move(cursor), limit);
}

task<result<listing<workspace>>> workspaces::list(kv& store, std::optional<std::string> cursor,
                                                  std::size_t limit) {
    return list_rows(store, under(key_writer().tag(global_tag).tag(rows_tag).take()), std::move(cursor),
                     limit);
}

} // namespace connectd::storage
