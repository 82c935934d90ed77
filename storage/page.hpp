// What reads hand out: single rows, and pages of a scan.
//
// A scan never hands out an iterator: one that lives across a suspension would pin a snapshot of the whole
// store. Pages own their bytes, so they stay valid whatever happens to the store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace connectd::storage {

// The version is the number of the commit that wrote the row; it grows with every commit, also over
// reopenings.
struct row {
    std::string value;
    std::uint64_t version = 0;
};

struct keyed_row {
    std::string key;
    std::string value;
    std::uint64_t version = 0;
};

// A page ends after `limit` rows, or earlier when its bytes reach max_page_bytes; both bound what one read
// can cost.
inline constexpr std::size_t max_page_rows = 1000;
inline constexpr std::size_t max_page_bytes = 1024 * 1024;

// The keys in [from, to), in bytewise order, from the front or (reverse) from the back. An empty `to` means
// no upper end. A limit of 0 is taken as 1, one above max_page_rows as max_page_rows.
struct scan_range {
    std::string from;
    std::string to;
    std::size_t limit = 100;
    bool reverse = false;
};

// `resume` is set when the range holds more rows: it is the `from` of the next page, or its `to` when the
// scan runs in reverse. Rows that are written between two pages appear if they lie ahead, as in any paged
// list.
struct page {
    std::vector<keyed_row> rows;
    std::optional<std::string> resume;
};

// The range of the page after one that ended with `resume`.
scan_range resumed(scan_range range, std::string resume);

// The limit that holds for a range, after the bounds above.
std::size_t effective_limit(scan_range const& range) noexcept;

// Where the page after one that ended with `last_key` begins.
std::string resume_after(scan_range const& range, std::string last_key);

} // namespace connectd::storage
