// The store on disk: RocksDB in one folder, opened by one process at a time.
//
// Reads run on the calling thread and do not suspend: a row in the cache costs less than a change of thread
// would, and a scan is bounded by its page. Commits go through the commit writer's thread. RocksDB runs two
// background threads of its own. Thread safety and lifetimes as kv.hpp says; the io_contexts of waiting
// coroutines exist until close has returned.
#pragma once

#include "storage/kv.hpp"
#include "storage/rocksdb/commit_writer.hpp"
#include "storage/rocksdb/options.hpp"

#include <boost/system/result.hpp>

#include <atomic>
#include <memory>
#include <string>

namespace connectd::storage {

class database;

class rocksdb_store final : public kv {
  public:
    // Blocks; to be called at start-up. No row of a refused store changes.
    // Codes: store_missing, store_locked, schema_too_new, corrupt_record (its stamp), open_failed.
    static boost::system::result<std::unique_ptr<rocksdb_store>, open_failure> open(rocksdb_options options);

    ~rocksdb_store() override;

    task<result<std::optional<row>>> get(family where, std::string key) override;
    task<result<page>> scan(family where, scan_range range) override;
    task<result<std::uint64_t>> commit(write_batch batch) override;
    bool writable() const noexcept override;
    std::string failure() const override;
    void close() override;

    // What the commit writer has done, for metrics.
    commit_figures figures() const noexcept;

  private:
    rocksdb_store(std::unique_ptr<database> opened, commit_limits limits);

    // Null once closed. The writer uses it until it has been closed itself.
    std::unique_ptr<database> database_;
    commit_writer writer_;
};

} // namespace connectd::storage
