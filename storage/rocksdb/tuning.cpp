#include "storage/rocksdb/tuning.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/table_properties_collectors.h>

#include <cstdarg>
#include <memory>

namespace connectd::storage {
namespace {

constexpr std::size_t kibibyte = 1024;
constexpr std::size_t mebibyte = 1024 * kibibyte;

class no_log final : public rocksdb::Logger {
  public:
    using rocksdb::Logger::Logv;
    void Logv(char const*, va_list) override {}
};

// The list of rows that a key lies in: those of one kind and workspace, or of all workspaces.
class list_of_key final : public rocksdb::SliceTransform {
  public:
    char const* Name() const override { return "connectd.list_of_key"; }
    bool InDomain(rocksdb::Slice const& key) const override { return key.size() >= size_of_list(key); }
    rocksdb::Slice Transform(rocksdb::Slice const& key) const override {
        return {key.data(), size_of_list(key)};
    }

  private:
    static std::size_t size_of_list(rocksdb::Slice const& key) {
        constexpr std::size_t tag_size = 1;
        constexpr std::size_t id_size = 16;
        constexpr char global = '\xff'; // where another list has the first byte of a workspace's id
        return (key.starts_with({&global, 1}) ? tag_size : id_size) + tag_size;
    }
};

rocksdb::BlockBasedTableOptions table_options(memory_budget const& budget) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = rocksdb::NewLRUCache(budget.block_cache_bytes);
    // "Is this unique key taken" is the question that most commits ask, and the answer is nearly always no.
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    // Without this, filters and indexes live outside the cache and grow with the data.
    table.cache_index_and_filter_blocks = true;
    table.cache_index_and_filter_blocks_with_high_priority = true;
    table.pin_l0_filter_and_index_blocks_in_cache = true;
    table.format_version = 5;
    return table;
}

void set_durability(rocksdb::Options& options) {
    // A power cut can leave the last, unacknowledged group of the log torn; everything before it is replayed.
    // A damaged group in the middle also ends the replay: the log keeps no second copy to tell the two apart.
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
    // The commit writer stops for good after a failed write. Recovering behind its back would bring the store
    // into a state that nobody vouches for.
    options.max_bgerror_resume_count = 0;
    options.paranoid_checks = true;
}

void set_memory(rocksdb::Options& options, memory_budget const& budget) {
    // One budget over all families. Each family allocates in small steps, since most hold little.
    options.db_write_buffer_size = budget.write_buffer_bytes;
    options.write_buffer_size = budget.write_buffer_bytes / 2;
    options.arena_block_size = 128 * kibibyte;
    options.max_write_buffer_number = 3;
    // A family that is rarely written holds back old logs; this bounds them, and with them the time to open.
    options.max_total_wal_size = 2 * budget.write_buffer_bytes;
    options.max_open_files = 256;
    options.table_cache_numshardbits = 4;
}

void set_background(rocksdb::Options& options) {
    options.max_background_jobs = 2;
    options.max_subcompactions = 1;
    // Files go to disk as they are written, so that a sync of the log never waits behind a whole one.
    options.bytes_per_sync = mebibyte;
    // Old files are deleted by a background thread, not by a read that happened to be the last to use one.
    options.avoid_unnecessary_blocking_io = true;
    options.stats_dump_period_sec = 0;
    options.stats_persist_period_sec = 0;
    // What needs a person comes back as a status. RocksDB's own log file would end the process on a full
    // disk: with assertions on, its second failed write aborts.
    options.info_log = std::make_shared<no_log>();
    options.info_log_level = rocksdb::InfoLogLevel::FATAL_LEVEL;
}

} // namespace

rocksdb::Options tuned_options(memory_budget const& budget) {
    rocksdb::Options options;
    set_durability(options);
    set_memory(options, budget);
    set_background(options);
    // There is one writer, so the machinery for many only costs.
    options.allow_concurrent_memtable_write = false;
    options.enable_write_thread_adaptive_yield = false;
    options.compression = rocksdb::kLZ4Compression;
    options.level_compaction_dynamic_level_bytes = true;
    options.target_file_size_base = 16 * mebibyte;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(budget)));
    return options;
}

void tune_family(rocksdb::ColumnFamilyOptions& options, family which) {
    switch (which) {
    case family::sessions:
    case family::accounts:
    case family::tokens:
    case family::events:
    case family::audit:
        // A callback writes here. Ids grow with time, so a row's place in memory is next to that of the last
        // row of its list, and looking there first spares most of the comparisons of an insertion.
        options.memtable_insert_with_hint_prefix_extractor = std::make_shared<list_of_key>();
        // The filter of table_options for what is still in memory, at about 20 bits a row.
        options.memtable_prefix_bloom_size_ratio = 0.01;
        options.memtable_whole_key_filtering = true;
        break;
    default:
        break;
    }
    switch (which) {
    case family::refresh_due:
    case family::sessions:
    case family::outbox:
        // Queues: rows come at one end and go at the other. A scan from the front would walk over all the
        // tombstones of what is done, so a file with many of them is compacted soon.
        options.table_properties_collector_factories.push_back(
            rocksdb::NewCompactOnDeletionCollectorFactory(4096, 1024));
        return;
    default:
        return;
    }
}

rocksdb::WriteOptions durable_write() {
    rocksdb::WriteOptions options;
    options.sync = true;
    return options;
}

} // namespace connectd::storage
