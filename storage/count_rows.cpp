#include "storage/count_rows.hpp"

#include "storage/key_codec.hpp"

#include <algorithm>
#include <utility>

namespace connectd::storage {

task<result<std::size_t>> count_rows(kv& store, family where, std::string prefix, std::size_t most) {
    auto end = prefix_end(prefix);
    scan_range range{std::move(prefix), std::move(end), max_page_rows, false};
    std::size_t count = 0;
    while (count < most) {
        range.limit = std::min(max_page_rows, most - count);
        auto found = co_await store.scan(where, range);
        if (!found)
            co_return found.error();
        count += found->rows.size();
        if (!found->resume)
            break;
        range = resumed(std::move(range), std::move(*found->resume));
    }
    co_return count;
}

} // namespace connectd::storage
