// One atomic change: writes to any number of families, and the guards under which they may happen.
//
// A plain value, filled by one thread and then moved into kv::commit. Guards look at the store as it is just
// before the batch, never at the batch's own writes. Where a batch names a key twice, the later operation
// wins.
#pragma once

#include "storage/family.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::storage {

class write_batch {
  public:
    // Limits of one batch, checked by commit (errc::limit_exceeded). They are far above what a request needs;
    // what is larger is a background job and belongs in several batches.
    static constexpr std::size_t max_operations = 4096;
    static constexpr std::size_t max_guards = 4096;
    static constexpr std::size_t max_key_size = 2048;
    static constexpr std::size_t max_value_size = 1024 * 1024;
    static constexpr std::size_t max_bytes = 4 * 1024 * 1024;

    // A put, or an erase when there is no value.
    struct operation {
        family where;
        std::string key;
        std::optional<std::string> value;
        std::optional<std::size_t> stamp_at = {}; // where in the key the commit puts its number

        // The key of the row, once the commit knows its number.
        std::string stamped_key(std::uint64_t version) const;
    };

    // The row must have exactly this version, or must not exist when there is none.
    struct guard {
        family where;
        std::string key;
        std::optional<std::uint64_t> version;
    };

    void put(family where, std::string key, std::string value);

    // A new row whose key is `before`, the number of the commit (8 bytes, big-endian) and `after`. Rows of
    // one prefix sort in the order in which they became visible: whoever has read up to a place finds
    // everything that comes later behind it.
    void put_stamped(family where, std::string_view before, std::string_view after, std::string value);

    // Erasing a row that does not exist is no error.
    void erase(family where, std::string key);

    void require_absent(family where, std::string key);

    void require_version(family where, std::string key, std::uint64_t version);

    std::span<operation const> operations() const noexcept { return operations_; }
    std::span<guard const> guards() const noexcept { return guards_; }

    bool empty() const noexcept { return operations_.empty() && guards_.empty(); }

    // Keys and values of all operations and guards, in bytes.
    std::size_t bytes() const noexcept { return bytes_; }

    bool within_limits() const noexcept;

  private:
    std::vector<operation> operations_;
    std::vector<guard> guards_;
    std::size_t bytes_ = 0;
    bool oversized_ = false;
};

} // namespace connectd::storage
