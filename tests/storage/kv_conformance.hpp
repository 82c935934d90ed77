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

using outcome = result<std::uint64_t>;

// The loop is a base of its own, because a store needs the io_contexts of its callers until it is closed.
struct conformance_loop {
    loop io;
};

// A backend with shorthands, so that tests read as what they do.
template <class Backend>
struct conformance : conformance_loop, Backend {
    outcome commit(write_batch batch) { return io.run(this->store().commit(std::move(batch))); }
    std::uint64_t put(family where, std::string key, std::string value) {
        return commit(putting(where, std::move(key), std::move(value))).value();
    }
    std::optional<row> get(family where, std::string key) {
        return io.run(this->store().get(where, std::move(key))).value();
    }
    page scan(family where, scan_range range) {
        return io.run(this->store().scan(where, std::move(range))).value();
    }
    std::vector<std::string> keys(family where, scan_range range) {
        std::vector<std::string> found;
        for (auto const& each : scan(where, std::move(range)).rows)
            found.push_back(each.key);
        return found;
    }
};

inline std::string numbered(std::string prefix, int number) {
    auto const digits = std::to_string(number);
    return prefix + std::string(4 - digits.size(), '0') + digits;
}

} // namespace connectd::storage::testing
