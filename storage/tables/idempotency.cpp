#include "storage/tables/idempotency.hpp"

#include "storage/count_rows.hpp"

namespace connectd::storage {
namespace {

constexpr std::uint8_t answer_tag = 0x03;
constexpr std::uint8_t answer_mark_tag = 0x04;
constexpr std::uint8_t answer_expiry_tag = 0x02;

std::string answer_expiry_prefix() {
    return key_writer().tag(global_tag).tag(answer_expiry_tag).take();
}

std::string answer_mark_prefix(crypto::workspace_id workspace) {
    return key_writer().id(workspace).tag(answer_mark_tag).take();
}

} // namespace

std::string kept_answers::key(crypto::workspace_id workspace, std::string_view digest) {
    return key_writer().id(workspace).tag(answer_tag).raw(digest).take();
}

// The second one is there to be counted: it is small, and an answer is not.
std::vector<index_row> kept_answers::indexes(kept_answer const& record) {
    return {{key_writer()
                 .raw(answer_expiry_prefix())
                 .time(record.expires_at)
                 .id(record.workspace)
                 .raw(record.digest)
                 .take()},
            {answer_mark_prefix(record.workspace) + record.digest}};
}

task<result<std::optional<stored<kept_answer>>>> kept_answers::get(kv& store, crypto::workspace_id workspace,
                                                                   std::string digest) {
    return fetch(store, key(workspace, digest));
}

key_range kept_answers::rows_of(crypto::workspace_id workspace) {
    return under(key_writer().id(workspace).tag(answer_tag).take());
}

task<result<std::size_t>> kept_answers::count(kv& store, crypto::workspace_id workspace, std::size_t most) {
    return count_rows(store, where, answer_mark_prefix(workspace), most);
}

task<result<listing<kept_answer>>>
kept_answers::list_expired(kv& store, sys_ms now, std::optional<std::string> cursor, std::size_t limit) {
    auto const end = key_writer().raw(answer_expiry_prefix()).time(now + std::chrono::milliseconds{1}).take();
    return list_index(store, {answer_expiry_prefix(), end}, std::move(cursor), limit);
}

} // namespace connectd::storage
