// Every setting of the embedded RocksDB, with its reason (in tuning.cpp). Used by this folder only.
#pragma once

#include "storage/family.hpp"
#include "storage/rocksdb/options.hpp"

namespace rocksdb {
struct ColumnFamilyOptions;
struct Options;
struct WriteOptions;
} // namespace rocksdb

namespace connectd::storage {

rocksdb::Options tuned_options(memory_budget const& budget);

// What one family has of its own, on top of tuned_options.
void tune_family(rocksdb::ColumnFamilyOptions& options, family which);

// How the commit writer writes: durable when it returns.
rocksdb::WriteOptions durable_write();

} // namespace connectd::storage
