// What is due when: a hierarchical timer wheel over small numbers that its owner hands out (the places of a
// vector, say), each with a moment.
//
// Six levels of 64 slots, a quarter of a second the finest, each level 64 times as coarse as the one below.
// Inserting and erasing take constant time; advancing costs the slots that are passed, at most 64 a level
// however far time jumps, and the items that are due or come down a level. The slots are a rough order only:
// what `advance` answers is exact.
//
// Pure: no clock, no thread of its own. Belongs to one thread.
#pragma once

#include "server/runtime/clock.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace connectd::server::services::refresh {

class timer_wheel {
  public:
    using item = std::uint32_t;

    // Time begins at `start` and never goes back: an item that is due earlier is due at once.
    explicit timer_wheel(runtime::sys_ms start);

    // Requires: the item is not in. Memory grows with the largest item.
    void insert(item which, runtime::sys_ms due);

    // Requires: the item is in.
    void erase(item which);

    bool contains(item which) const noexcept;

    // Takes out everything that is due at `now` or before, in the order of due times; of one moment, the
    // smaller item first. A `now` that lies before the last one takes out what the last one would have.
    std::vector<item> advance(runtime::sys_ms now);

    std::size_t size() const noexcept { return size_; }

  private:
    static constexpr unsigned slot_bits = 6;
    static constexpr std::size_t slot_count = std::size_t{1} << slot_bits;
    static constexpr std::size_t level_count = 6;
    static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

    struct node {
        runtime::sys_ms due{};
        item next = nowhere;
        item previous = nowhere;
        std::uint32_t slot = nowhere; // level * slot_count + place; nowhere: not in
    };

    std::uint64_t tick_of(runtime::sys_ms moment) const noexcept;
    std::uint32_t slot_for(std::uint64_t tick) const noexcept;
    void link(item which, std::uint32_t slot);
    void unlink(item which);
    void take_slot(std::uint32_t slot, std::vector<item>& into);
    std::vector<item> take_passed(std::uint64_t tick);

    runtime::sys_ms start_;
    runtime::sys_ms now_;
    std::uint64_t tick_ = 0; // of now_
    std::vector<node> nodes_;
    std::array<item, level_count * slot_count> heads_;
    std::array<std::uint64_t, level_count> occupied_{}; // a bit for each slot that is not empty
    std::size_t size_ = 0;
};

} // namespace connectd::server::services::refresh
