#include "server/services/refresh/timer_wheel.hpp"

#include <boost/assert.hpp>

#include <algorithm>
#include <bit>
#include <tuple>

namespace connectd::server::services::refresh {
namespace {

constexpr std::int64_t milliseconds_of_a_tick = 256;

// The bits [from, to] of a word. Requires: from <= to < 64.
std::uint64_t bits_between(std::uint64_t from, std::uint64_t to) noexcept {
    return (~std::uint64_t{0} >> (63 - (to - from))) << from;
}

} // namespace

timer_wheel::timer_wheel(runtime::sys_ms start) : start_{start}, now_{start} {
    heads_.fill(nowhere);
}

// Ticks since the start, up to the last one that the levels can tell apart: more than half a millennium.
std::uint64_t timer_wheel::tick_of(runtime::sys_ms moment) const noexcept {
    constexpr std::uint64_t last = (std::uint64_t{1} << (slot_bits * level_count)) - 1;
    if (moment <= start_) {
        return 0;
    }
    return std::min(static_cast<std::uint64_t>((moment - start_).count() / milliseconds_of_a_tick), last);
}

// The level is that of the highest digit, in base 64, in which the tick differs from the present one: when
// the present gets there, the slot is passed and its items come down.
std::uint32_t timer_wheel::slot_for(std::uint64_t tick) const noexcept {
    auto const differs = static_cast<unsigned>(std::bit_width((tick ^ tick_) | 1)) - 1;
    auto const level = differs / slot_bits;
    auto const place = (tick >> (level * slot_bits)) & (slot_count - 1);
    return static_cast<std::uint32_t>(level * slot_count + place);
}

bool timer_wheel::contains(item which) const noexcept {
    return which < nodes_.size() && nodes_[which].slot != nowhere;
}

void timer_wheel::insert(item which, runtime::sys_ms due) {
    BOOST_ASSERT(!contains(which));
    if (which >= nodes_.size()) {
        nodes_.resize(std::size_t{which} + 1);
    }
    nodes_[which].due = due;
    link(which, slot_for(std::max(tick_of(due), tick_)));
    ++size_;
}

void timer_wheel::erase(item which) {
    BOOST_ASSERT(contains(which));
    unlink(which);
    --size_;
}

void timer_wheel::link(item which, std::uint32_t slot) {
    auto& entry = nodes_[which];
    entry.slot = slot;
    entry.previous = nowhere;
    entry.next = heads_[slot];
    if (entry.next != nowhere) {
        nodes_[entry.next].previous = which;
    }
    heads_[slot] = which;
    occupied_[slot / slot_count] |= std::uint64_t{1} << (slot % slot_count);
}

void timer_wheel::unlink(item which) {
    auto& entry = nodes_[which];
    if (entry.next != nowhere) {
        nodes_[entry.next].previous = entry.previous;
    }
    if (entry.previous != nowhere) {
        nodes_[entry.previous].next = entry.next;
    } else {
        heads_[entry.slot] = entry.next;
        if (entry.next == nowhere) {
            occupied_[entry.slot / slot_count] &= ~(std::uint64_t{1} << (entry.slot % slot_count));
        }
    }
    entry.slot = nowhere;
}

void timer_wheel::take_slot(std::uint32_t slot, std::vector<item>& into) {
    while (heads_[slot] != nowhere) {
        auto const which = heads_[slot];
        unlink(which);
        into.push_back(which);
    }
}

// Everything in slots that `tick` has reached or passed: due, or to be put into a finer slot.
std::vector<timer_wheel::item> timer_wheel::take_passed(std::uint64_t tick) {
    std::vector<item> taken;
    for (std::size_t level = 0; level < level_count; ++level) {
        auto const shift = static_cast<unsigned>(level * slot_bits);
        // All slots of a level belong to one slot of the level above. Once that one is left, all are passed.
        bool const left = (tick >> shift >> slot_bits) != (tick_ >> shift >> slot_bits);
        auto const from = (tick_ >> shift) & (slot_count - 1);
        auto const to = left ? slot_count - 1 : (tick >> shift) & (slot_count - 1);
        auto passed = occupied_[level] & bits_between(from, to);
        while (passed != 0) {
            auto const place = static_cast<std::size_t>(std::countr_zero(passed));
            passed &= passed - 1;
            take_slot(static_cast<std::uint32_t>(level * slot_count + place), taken);
        }
    }
    return taken;
}

std::vector<timer_wheel::item> timer_wheel::advance(runtime::sys_ms now) {
    now_ = std::max(now_, now);
    auto const tick = tick_of(now_);
    auto taken = take_passed(tick);
    tick_ = tick;
    auto const later =
        std::partition(taken.begin(), taken.end(), [this](item which) { return nodes_[which].due <= now_; });
    for (auto at = later; at != taken.end(); ++at) {
        link(*at, slot_for(std::max(tick_of(nodes_[*at].due), tick_)));
    }
    taken.erase(later, taken.end());
    size_ -= taken.size();
    std::sort(taken.begin(), taken.end(), [this](item left, item right) {
        return std::tie(nodes_[left].due, left) < std::tie(nodes_[right].due, right);
    });
    return taken;
}

} // namespace connectd::server::services::refresh
