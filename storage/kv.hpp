// The seam to the store: an ordered map of bytes with families, versions and atomic guarded commits.
//
// Two implementations: rocksdb/rocksdb_store (one process, one folder) and memory/memory_store (tests);
// tests/storage has one suite that both pass. Every function may be called from any thread. The coroutines
// run on the executor of the caller and resume there, never on a thread of the store. The store outlives
// every coroutine that uses it.
#pragma once

#include "storage/error.hpp"
#include "storage/family.hpp"
#include "storage/page.hpp"
#include "storage/task.hpp"
#include "storage/write_batch.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace connectd::storage {

class kv {
  public:
    kv() = default;
    kv(kv const&) = delete;
    kv& operator=(kv const&) = delete;
    virtual ~kv() = default;

    // The row, or nothing. A committed row is seen as soon as its commit has completed.
    // Errors: read_failed, corrupt_record, store_closed.
    virtual task<result<std::optional<row>>> get(family where, std::string key) = 0;

    // One page of a range (page.hpp), consistent in itself; two pages are two moments.
    // Errors: read_failed, corrupt_record, store_closed.
    virtual task<result<page>> scan(family where, scan_range range) = 0;

    // Writes the whole batch or nothing, and completes when the batch is durable. Answers the version that
    // all rows of the batch now carry. A batch with guards only writes nothing and answers the newest
    // version.
    //
    // Guards see the store with all batches that were accepted earlier, so of several commits that require
    // one version of a row exactly one succeeds.
    //
    // A full queue makes the caller wait for room. That wait can be cancelled (error operation_aborted of
    // Asio, nothing written). Once queued, a commit cannot be cancelled, and the caller that waits for it is
    // told how it ended. Errors: guard_failed, limit_exceeded, store_failed, store_closed, read_failed (a
    // guard could not be checked).
    virtual task<result<std::uint64_t>> commit(write_batch batch) = 0;

    // Whether the store still takes writes; false for good after a failed write or sync, and after close. For
    // readiness.
    virtual bool writable() const noexcept = 0;

    // Why it takes no writes, for the log and the operator; empty while writable.
    virtual std::string failure() const = 0;

    // Refuses new commits, finishes the queued ones and releases the store; blocks meanwhile. Coroutines that
    // wait are completed through their io_context, so those must still exist. Calling it again does nothing.
    // Requires: no get or scan is under way on another thread.
    virtual void close() = 0;
};

} // namespace connectd::storage
