#include "storage/page.hpp"

#include <algorithm>
#include <utility>

namespace connectd::storage {

scan_range resumed(scan_range range, std::string resume) {
    (range.reverse ? range.to : range.from) = std::move(resume);
    return range;
}

std::size_t effective_limit(scan_range const& range) noexcept {
    return std::clamp<std::size_t>(range.limit, 1, max_page_rows);
}

std::string resume_after(scan_range const& range, std::string last_key) {
    // The upper end is exclusive, so going back continues below the last key; the smallest key above one
    // appends a zero.
    if (!range.reverse)
        last_key.push_back('\0');
    return last_key;
}

} // namespace connectd::storage
