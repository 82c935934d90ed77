#include "storage/tables/data_keys.hpp"

namespace connectd::storage {
namespace {

std::string rows_of(crypto::workspace_id workspace) {
    return key_writer().id(workspace).tag(rows_tag).take();
}

} // namespace

std::string data_keys::key(crypto::workspace_id workspace, std::uint32_t version) {
    return key_writer().id(workspace).tag(rows_tag).number(version).take();
}

task<result<std::optional<stored<data_key>>>> data_keys::get(kv& store, crypto::workspace_id workspace,
                                                             std::uint32_t version) {
    return fetch(store, key(workspace, version));
}

task<result<listing<data_key>>> data_keys::list(kv& store, crypto::workspace_id workspace,
                                                std::optional<std::string> cursor, std::size_t limit) {
    return list_rows(store, under(rows_of(workspace)), std::move(cursor), limit);
}

task<result<std::vector<stored<data_key>>>> data_keys::all(kv& store, crypto::workspace_id workspace) {
    std::vector<stored<data_key>> keys;
    auto range = list_range(under(rows_of(workspace)), std::nullopt, max_page_rows);
    while (range) {
        auto found = co_await store.scan(where, *range);
        if (!found)
            co_return found.error();
        for (auto const& entry : found->rows) {
            auto record = decode_record<data_key>(entry.value);
            if (!record)
                co_return record.error();
            keys.push_back({std::move(*record), entry.version});
        }
        if (!found->resume)
            co_return keys;
        range = resumed(std::move(*range), std::move(*found->resume));
    }
    co_return range.error();
}

} // namespace connectd::storage
