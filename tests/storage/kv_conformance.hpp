// The stores that have to pass the conformance suite. A new one is added to `backends` and needs `store()`;
// `reopen()` too when it keeps its rows.
#pragma once

#include "storage/memory/memory_store.hpp"
#include "storage/rocksdb/rocksdb_store.hpp"
#include "tests/storage/support.hpp"

#include <tuple>

namespace connectd::storage::testing {

class memory_backend {
  public:
    static constexpr bool keeps_rows = false;

    kv& store() { return store_; }

  private:
    memory_store store_;
};

class rocksdb_backend {
  public:
    static constexpr bool keeps_rows = true;

    rocksdb_backend() { open(); }

    kv& store() { return *store_; }

    void reopen() {
        store_.reset();
        open();
    }

  private:
    void open() { store_ = rocksdb_store::open({folder_.path() / "store", true, {}, {}}).value(); }

    scratch_folder folder_;
    std::unique_ptr<rocksdb_store> store_;
};

using backends = std::tuple<memory_backend, rocksdb_backend>;

} // namespace connectd::storage::testing
