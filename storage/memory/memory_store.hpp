// A store in memory, gone when it is destroyed: for tests, and the second opinion that keeps the seam honest.
//
// Commits complete at once, on the calling thread. Thread safety: all functions, as kv.hpp asks; one mutex
// guards all.
#pragma once

#include "storage/kv.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace connectd::storage {

class memory_store final : public kv {
  public:
    memory_store() = default;

    task<result<std::optional<row>>> get(family where, std::string key) override;
    task<result<page>> scan(family where, scan_range range) override;
    task<result<std::uint64_t>> commit(write_batch batch) override;
    bool writable() const noexcept override;
    std::string failure() const override;
    void close() override;

    // From now on every commit fails as after a failed sync, for tests of what a service does then.
    void fail_writes(std::string reason);

  private:
    using rows = std::map<std::string, row, std::less<>>;

    bool holds(write_batch::guard const& guard) const;
    result<std::uint64_t> apply(write_batch batch);
    result<page> read_page(family where, scan_range const& range) const;

    mutable std::mutex mutex_;
    std::array<rows, family_count> families_;
    std::uint64_t last_version_ = 0;
    std::string failure_;
    bool closed_ = false;
};

} // namespace connectd::storage
