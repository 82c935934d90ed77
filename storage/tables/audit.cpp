#include "storage/tables/audit.hpp"

#include "crypto/digest.hpp"

namespace connectd::storage {
namespace {

constexpr std::uint8_t head_tag = 0x02;
constexpr std::uint8_t anchor_tag = 0x03;
constexpr std::uint8_t order_tag = 0x01; // below global_tag

std::string end_key(crypto::workspace_id workspace, std::uint8_t tag) {
    return key_writer().id(workspace).tag(tag).take();
}

std::string order_prefix() {
    return key_writer().tag(global_tag).tag(order_tag).take();
}

std::string order_suffix(audit_entry const& entry) {
    return key_writer().id(entry.workspace).number(entry.number).take();
}

task<result<std::optional<stored<audit_end>>>> read_end(kv& store, std::string key) {
    auto const found = co_await store.get(family::audit, std::move(key));
    if (!found)
        co_return found.error();
    if (!*found)
        co_return std::nullopt;
    auto end = decode_record<audit_end>((*found)->value);
    if (!end)
        co_return end.error();
    co_return stored<audit_end>{std::move(*end), (*found)->version};
}

void move_end(write_batch& batch, std::string const& key, std::optional<stored<audit_end>> const& before,
              audit_entry const& now) {
    if (before)
        batch.require_version(family::audit, key, before->version);
    else
        batch.require_absent(family::audit, key);
    batch.put(family::audit, key, encode_record(audit_end{now.number, now.digest}));
}

} // namespace

std::string digest_of(audit_entry entry) {
    entry.digest.clear();
    auto const digest = crypto::sha256(encode_record(entry));
    return {digest.begin(), digest.end()};
}

audit_entry seal(audit_entry entry, audit_end const& last) {
    entry.number = last.number + 1;
    entry.previous = last.digest;
    entry.digest = digest_of(entry);
    return entry;
}

std::string audit_log::key(crypto::workspace_id workspace, std::uint64_t number) {
    return key_writer().id(workspace).tag(rows_tag).number(number).take();
}

task<result<std::optional<stored<audit_end>>>> audit_log::head(kv& store, crypto::workspace_id workspace) {
    return read_end(store, end_key(workspace, head_tag));
}

task<result<std::optional<stored<audit_end>>>> audit_log::anchor(kv& store, crypto::workspace_id workspace) {
    return read_end(store, end_key(workspace, anchor_tag));
}

void audit_log::append(write_batch& batch, crypto::workspace_id workspace,
                       std::optional<stored<audit_end>> const& last,
                       std::vector<audit_entry> const& entries) {
    for (auto const& entry : entries) {
        create(batch, entry);
        batch.put_stamped(where, order_prefix(), order_suffix(entry), key(entry));
    }
    move_end(batch, end_key(workspace, head_tag), last, entries.back());
}

void audit_log::cut(write_batch& batch, std::optional<stored<audit_end>> const& anchored,
                    std::vector<stored<audit_entry>> const& oldest) {
    for (auto const& entry : oldest) {
        erase(batch, entry.record);
        batch.erase(
            where,
            key_writer().raw(order_prefix()).number(entry.version).raw(order_suffix(entry.record)).take());
    }
    auto const& last = oldest.back().record;
    move_end(batch, end_key(last.workspace, anchor_tag), anchored, last);
}

task<result<listing<stored<audit_entry>>>> audit_log::read(kv& store, crypto::workspace_id workspace,
                                                           std::uint64_t after, std::size_t limit) {
    auto keys = under(key_writer().id(workspace).tag(rows_tag).take());
    keys.from = key(workspace, after + 1);
    return list_rows<stored<audit_entry>>(store, std::move(keys), {}, limit);
}

task<result<listing<audit_entry>>> audit_log::list_all(kv& store, std::optional<std::string> cursor,
                                                       std::size_t limit) {
    auto range = list_range(under(order_prefix()), std::move(cursor), limit);
    if (!range)
        co_return range.error();
    auto found = co_await store.scan(where, std::move(*range));
    if (!found)
        co_return found.error();
    listing<audit_entry> list;
    for (auto& place : found->rows) {
        auto entry = co_await fetch(store, std::move(place.value));
        if (!entry)
            co_return entry.error();
        if (*entry)
            list.items.push_back(std::move((*entry)->record));
    }
    list.next_cursor = std::move(found->resume);
    co_return list;
}

task<result<std::optional<crypto::workspace_id>>>
audit_log::next_chain(kv& store, std::optional<crypto::workspace_id> after) {
    auto const from = after ? prefix_end(key_writer().id(*after).take()) : std::string();
    auto const to = key_writer().tag(global_tag).take();
    auto const found = co_await store.scan(where, {from, to, 1, false});
    if (!found)
        co_return found.error();
    if (found->rows.empty())
        co_return std::nullopt;
    key_reader parts(found->rows.front().key);
    co_return parts.id<crypto::workspace_id>();
}

} // namespace connectd::storage
