#include "storage/tables/refresh_due.hpp"

namespace connectd::storage {

std::string refresh_dues::key(refresh_due const& record) {
    return key_writer().time(record.due).id(record.workspace).id(record.account).take();
}

task<result<listing<refresh_due>>>
refresh_dues::list_due(kv& store, sys_ms until, std::optional<std::string> cursor, std::size_t limit) {
    key_range keys{{}, key_writer().time(until + std::chrono::milliseconds(1)).take()};
    return list_rows(store, std::move(keys), std::move(cursor), limit);
}

} // namespace connectd::storage
