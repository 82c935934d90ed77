#include "tools/sandbox/faults.hpp"

#include <algorithm>
#include <array>

namespace connectd::sandbox {
namespace {

// A test that scripts in a loop and never clears must not fill the memory.
constexpr std::size_t most_entries = 1000;

constexpr std::array<std::pair<fault_kind, std::string_view>, 14> names{{
    {fault_kind::latency, "latency"},
    {fault_kind::hang, "hang"},
    {fault_kind::reset_before_reading, "reset_before_reading"},
    {fault_kind::reset_after_reading, "reset_after_reading"},
    {fault_kind::reset_after_processing, "reset_after_processing"},
    {fault_kind::status, "status"},
    {fault_kind::success_with_error, "success_with_error"},
    {fault_kind::success_without_token, "success_without_token"},
    {fault_kind::html, "html"},
    {fault_kind::malformed_json, "malformed_json"},
    {fault_kind::huge_body, "huge_body"},
    {fault_kind::slow_drip, "slow_drip"},
    {fault_kind::wrong_content_type, "wrong_content_type"},
    {fault_kind::close_mid_body, "close_mid_body"},
}};

} // namespace

std::string_view to_string(fault_kind kind) {
    return std::ranges::find(names, kind, [](auto const& entry) { return entry.first; })->second;
}

std::optional<fault_kind> parse_fault_kind(std::string_view text) {
    auto const found = std::ranges::find(names, text, [](auto const& entry) { return entry.second; });
    return found == names.end() ? std::nullopt : std::optional{found->first};
}

std::uint64_t fault_plan::add(fault scripted) {
    std::lock_guard const lock{mutex_};
    if (entries_.size() >= most_entries)
        entries_.erase(entries_.begin());
    auto const times = scripted.times;
    entries_.push_back({++last_id_, std::make_shared<fault const>(std::move(scripted)), times, 0});
    rearm();
    return last_id_;
}

bool fault_plan::clear(std::uint64_t id) {
    {
        std::lock_guard const lock{mutex_};
        if (std::erase_if(entries_, [&](entry const& each) { return each.id == id; }) == 0)
            return false;
        rearm();
    }
    told_();
    return true;
}

void fault_plan::clear() {
    {
        std::lock_guard const lock{mutex_};
        entries_.clear();
        rearm();
    }
    told_();
}

std::vector<fault_plan::entry> fault_plan::list() const {
    std::lock_guard const lock{mutex_};
    return entries_;
}

template <class Match>
struck fault_plan::strike_if(Match match) {
    if (!armed())
        return {};
    std::lock_guard const lock{mutex_};
    auto const found = std::ranges::find_if(
        entries_, [&](entry const& each) { return each.left != std::uint64_t{0} && match(*each.scripted); });
    if (found == entries_.end())
        return {};
    ++found->hits;
    if (found->left)
        --*found->left;
    struck const result{found->id, found->scripted};
    rearm();
    return result;
}

struck fault_plan::strike_before_reading(std::string_view platform) {
    return strike_if([&](fault const& scripted) {
        return scripted.kind == fault_kind::reset_before_reading && scripted.platform == platform;
    });
}

struck fault_plan::strike(std::string_view platform, std::string_view endpoint) {
    return strike_if([&](fault const& scripted) {
        return scripted.kind != fault_kind::reset_before_reading && scripted.platform == platform &&
               (scripted.endpoint == "*" || scripted.endpoint == endpoint);
    });
}

bool fault_plan::holds(std::uint64_t id) const {
    std::lock_guard const lock{mutex_};
    return std::ranges::any_of(entries_, [&](entry const& each) { return each.id == id; });
}

void fault_plan::rearm() {
    armed_.store(
        std::ranges::any_of(entries_, [](entry const& each) { return each.left != std::uint64_t{0}; }),
        std::memory_order_relaxed);
}

} // namespace connectd::sandbox
