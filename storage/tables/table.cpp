#include "storage/tables/table.hpp"

namespace connectd::storage {

key_range under(std::string prefix) {
    auto end = prefix_end(prefix);
    return {std::move(prefix), std::move(end)};
}

result<scan_range> list_range(key_range keys, std::optional<std::string> cursor, std::size_t limit) {
    if (cursor) {
        if (*cursor < keys.from || (!keys.to.empty() && *cursor >= keys.to))
            return errc::invalid_cursor;
        keys.from = std::move(*cursor);
    }
    return scan_range{std::move(keys.from), std::move(keys.to), limit, false};
}

} // namespace connectd::storage
