#include "storage/tables/credentials.hpp"

namespace connectd::storage {
namespace {

constexpr std::uint8_t platform_tag = 0x02;
constexpr std::uint8_t default_tag = 0x03;
constexpr std::uint8_t due_tag = 0x01;

std::string platform_prefix(crypto::workspace_id workspace, std::string_view platform) {
    return key_writer().id(workspace).tag(platform_tag).text(platform).take();
}

std::string default_key(crypto::workspace_id workspace, std::string_view platform,
                        std::string_view instance) {
    auto key = key_writer().id(workspace).tag(default_tag).text(platform);
    return instance.empty() ? key.take() : key.text(instance).take();
}

std::string due_prefix() {
    return key_writer().tag(global_tag).tag(due_tag).take();
}

// The mark is one row that both records would touch: the later operation of a batch wins, so the taking away
// comes first.
void take_mark(write_batch& batch, stored<credentials> const& previous) {
    auto unmarked = previous.record;
    unmarked.is_default = false;
    credentials_table::replace(batch, previous, unmarked);
}

} // namespace

std::string credentials_table::key(crypto::workspace_id workspace, crypto::credentials_id id) {
    return key_writer().id(workspace).tag(rows_tag).id(id).take();
}

std::vector<index_row> credentials_table::indexes(credentials const& record) {
    std::vector<index_row> rows;
    if (!record.retired_at)
        rows.push_back({platform_prefix(record.workspace, record.platform) + std::string(record.id.raw())});
    if (record.is_default && !record.retired_at)
        rows.push_back({default_key(record.workspace, record.platform, record.instance), true});
    if (auto const due = record.retired_at ? record.retired_at : record.previous_until)
        rows.push_back({key_writer().raw(due_prefix()).time(*due).id(record.workspace).id(record.id).take()});
    return rows;
}

void credentials_table::create_default(write_batch& batch, credentials record,
                                       stored<credentials> const& previous) {
    take_mark(batch, previous);
    record.is_default = true;
    batch.require_absent(where, key(record));
    put(batch, record);
}

void credentials_table::make_default(write_batch& batch, stored<credentials> const& next,
                                     stored<credentials> const& previous) {
    take_mark(batch, previous);
    auto marked = next.record;
    marked.is_default = true;
    batch.require_version(where, key(marked), next.version);
    put(batch, marked);
}

task<result<std::optional<stored<credentials>>>>
credentials_table::get(kv& store, crypto::workspace_id workspace, crypto::credentials_id id) {
    return fetch(store, key(workspace, id));
}

task<result<std::optional<stored<credentials>>>>
credentials_table::find_default(kv& store, crypto::workspace_id workspace, std::string platform,
                                std::string instance) {
    return follow(store, default_key(workspace, platform, instance));
}

task<result<listing<credentials>>> credentials_table::list(kv& store, crypto::workspace_id workspace,
                                                           std::optional<std::string> cursor,
                                                           std::size_t limit) {
    return list_rows(store, under(key_writer().id(workspace).tag(rows_tag).take()), std::move(cursor), limit);
}

task<result<listing<stored<credentials>>>>
credentials_table::list_due(kv& store, sys_ms now, std::optional<std::string> cursor, std::size_t limit) {
    auto const end = key_writer().raw(due_prefix()).time(now + std::chrono::milliseconds{1}).take();
    return list_index<stored<credentials>>(store, {due_prefix(), end}, std::move(cursor), limit);
}

task<result<listing<credentials>>> credentials_table::list_platform(kv& store, crypto::workspace_id workspace,
                                                                    std::string platform,
                                                                    std::optional<std::string> cursor,
                                                                    std::size_t limit) {
    return list_index(store, under(platform_prefix(workspace, platform)), std::move(cursor), limit);
}

} // namespace connectd::storage
