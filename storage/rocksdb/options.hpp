// What whoever opens a store may choose.
#pragma once

#include "storage/rocksdb/commit_writer.hpp"

#include <cstddef>
#include <filesystem>

namespace connectd::storage {

// The two sums that decide how much memory a store takes, whatever it holds.
struct memory_budget {
    // Blocks of data, indexes and filters, over all families.
    std::size_t block_cache_bytes = 64 * 1024 * 1024;
    // Rows that are in the log and not yet in a sorted file, over all families.
    std::size_t write_buffer_bytes = 32 * 1024 * 1024;
};

struct rocksdb_options {
    // Made with mode 0700 when it does not exist.
    std::filesystem::path folder;
    bool create_if_missing = true;
    memory_budget memory;
    commit_limits limits;
};

} // namespace connectd::storage
