// An open RocksDB: opening it, reading rows and pages, and writing a group of batches. No coroutines, no
// queue; those are rocksdb_store's and commit_writer's.
//
// Threads: reads from any; write from one at a time; destroying it while anything else runs is an error.
#pragma once

#include "storage/error.hpp"
#include "storage/family.hpp"
#include "storage/page.hpp"
#include "storage/rocksdb/commit_group.hpp"
#include "storage/rocksdb/options.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
} // namespace rocksdb

namespace connectd::storage {

// Hears of background work (flushing, compacting) that failed in a way that ends all writing.
class background_watch;

class database {
  public:
    // rocksdb_store::open.
    static boost::system::result<std::unique_ptr<database>, open_failure>
    open(rocksdb_options const& options);

    ~database();

    database(database const&) = delete;
    database& operator=(database const&) = delete;

    // Errors: read_failed, corrupt_record.
    result<std::optional<row>> get(family where, std::string_view key) const;
    result<page> scan(family where, scan_range const& range) const;

    // commit_sink, both.
    result<std::optional<std::uint64_t>> version_of(family where, std::string_view key) const;
    std::optional<std::string> write(std::span<accepted_batch const> group);

    // A version that no stored row is above.
    std::uint64_t last_version() const;

    // `tell` is called on any thread when background work fails; at once if it has failed already. It must
    // not block.
    void on_background_failure(std::function<void(std::string)> tell);

  private:
    friend class opening;

    database();

    rocksdb::ColumnFamilyHandle* handle(family where) const { return handles_[index_of(where)].get(); }

    // Destroyed from the last to the first: RocksDB wants its handles gone before itself.
    std::shared_ptr<background_watch> watch_;
    std::unique_ptr<rocksdb::DB> db_;
    std::array<std::unique_ptr<rocksdb::ColumnFamilyHandle>, family_count> handles_;
};

} // namespace connectd::storage
