#include "tools/sandbox/pinterest/boards.hpp"

#include <algorithm>

namespace connectd::sandbox::pinterest {
namespace {

constexpr std::size_t most_owners = 10'000;
constexpr std::uint64_t first_board_id = 549'755'885'175;

} // namespace

std::string boards::next_id() {
    return std::to_string(first_board_id + made_++);
}

std::vector<board>& boards::of(person_ref owner, sys_ms now) {
    auto const known = by_owner_.find(owner);
    if (known != by_owner_.end())
        return known->second;
    if (by_owner_.size() >= most_owners)
        by_owner_.erase(by_owner_.begin());
    auto& made = by_owner_[owner];
    made.push_back({next_id(), "Things to make", "", "PUBLIC", now});
    made.push_back({next_id(), "Caf\xc3\xa9s & Br\xc3\xb6tchen", "", "PUBLIC", now});
    return made;
}

std::optional<board> boards::create(person_ref owner, board wanted, sys_ms now) {
    std::lock_guard const lock{mutex_};
    auto& theirs = of(owner, now);
    if (std::ranges::find(theirs, wanted.name, &board::name) != theirs.end())
        return std::nullopt;
    wanted.id = next_id();
    wanted.created_at = now;
    return theirs.emplace_back(std::move(wanted));
}

std::vector<board> boards::list(person_ref owner, sys_ms now) {
    std::lock_guard const lock{mutex_};
    return of(owner, now);
}

std::optional<board> boards::find(person_ref owner, std::string_view id, sys_ms now) {
    std::lock_guard const lock{mutex_};
    auto const& theirs = of(owner, now);
    auto const found = std::ranges::find(theirs, id, &board::id);
    return found == theirs.end() ? std::nullopt : std::optional{*found};
}

void boards::clear() {
    std::lock_guard const lock{mutex_};
    by_owner_.clear();
}

} // namespace connectd::sandbox::pinterest
