// What the crash test's writer writes and its checker expects, so that the two cannot disagree.
//
// Every lane is one coroutine that commits batch after batch: 1, 2, 3 and so on. A batch puts several rows
// into several families, erases the rows of the batch `window` before it, and moves the lane's head row on
// under a guard. So after batch n a lane consists of its head row with n and of the rows of its last `window`
// batches, and of nothing else.
#pragma once

#include "storage/rocksdb/rocksdb_store.hpp"
#include "storage/write_batch.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace connectd::storage::testing::crash_plan {

inline constexpr std::uint32_t lanes = 16;
inline constexpr std::uint64_t window = 4;
inline constexpr std::array row_families{family::accounts, family::tokens, family::events,
                                         family::refresh_due};
inline constexpr family head_family = family::profiles;

// What the writer tells through its pipe, each in one write: that it is open (`lane` = ready), or that a
// batch is committed.
struct report {
    static constexpr std::uint32_t ready = 0xffffffff;
    std::uint32_t lane = ready;
    std::uint32_t padding = 0;
    std::uint64_t batch = 0;
    std::uint64_t version = 0;
};

// Buffers small enough that killing also hits flushes and compactions.
inline rocksdb_options options(std::string const& folder) {
    return {folder, true, {.block_cache_bytes = 1024 * 1024, .write_buffer_bytes = 4 * 1024 * 1024}, {}};
}

inline std::string head_key(std::uint32_t lane) {
    return "lane " + std::to_string(lane);
}

inline std::uint64_t rows_in(std::uint32_t lane, std::uint64_t batch) {
    return 2 + (lane + batch) % 7;
}

inline family family_of(std::uint64_t row) {
    return row_families[row % row_families.size()];
}

inline std::string row_key(std::uint32_t lane, std::uint64_t batch, std::uint64_t row) {
    return std::to_string(lane) + '/' + std::to_string(batch) + '/' + std::to_string(row);
}

// A value that no other row has, between some and some thousand bytes long.
inline std::string row_value(std::uint32_t lane, std::uint64_t batch, std::uint64_t row) {
    auto state = (std::uint64_t{lane} << 48) ^ (batch << 8) ^ row ^ 0x9e3779b97f4a7c15;
    auto const size = 16 + (state * 31 >> 7) % 1500;
    auto value = row_key(lane, batch, row) + ' ';
    while (value.size() < size) {
        state = state * 6364136223846793005 + 1442695040888963407;
        value.push_back(static_cast<char>(state >> 56));
    }
    return value;
}

inline write_batch make_batch(std::uint32_t lane, std::uint64_t batch,
                              std::optional<std::uint64_t> head_version) {
    write_batch all;
    for (std::uint64_t row = 0; row < rows_in(lane, batch); ++row)
        all.put(family_of(row), row_key(lane, batch, row), row_value(lane, batch, row));
    if (batch > window)
        for (std::uint64_t row = 0; row < rows_in(lane, batch - window); ++row)
            all.erase(family_of(row), row_key(lane, batch - window, row));
    if (head_version)
        all.require_version(head_family, head_key(lane), *head_version);
    else
        all.require_absent(head_family, head_key(lane));
    all.put(head_family, head_key(lane), std::to_string(batch));
    return all;
}

} // namespace connectd::storage::testing::crash_plan
