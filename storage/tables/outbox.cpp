#include "storage/tables/outbox.hpp"

namespace connectd::storage {
namespace {

// Each kind of owed work has its own tag in the family.
constexpr std::uint8_t revocation_tag = 0x01;

} // namespace

std::string revocations::key(revocation const& record) {
    return key_writer()
        .tag(revocation_tag)
        .time(record.next_attempt_at)
        .id(record.workspace)
        .id(record.account)
        .take();
}

task<result<listing<stored<revocation>>>>
revocations::list_due(kv& store, sys_ms until, std::optional<std::string> cursor, std::size_t limit) {
    key_range keys{key_writer().tag(revocation_tag).take(),
                   key_writer().tag(revocation_tag).time(until + std::chrono::milliseconds(1)).take()};
    return list_rows<stored<revocation>>(store, std::move(keys), std::move(cursor), limit);
}

} // namespace connectd::storage
