#include "platforms/http/slots.hpp"

#include "platforms/http/use_tuple.hpp"

#include <algorithm>
#include <cassert>

namespace connectd::platforms::http {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

// How often idle connections are looked at, so that those the server has closed do not pile up half open.
constexpr clock::duration sweep_interval = std::chrono::seconds(5);

// A server that announces its idle timeout is believed, less what a request may take to get there.
constexpr clock::duration travel_time = std::chrono::seconds(1);

} // namespace

slots::lease::lease(lease&& other) noexcept
    : held(std::move(other.held)), from_(std::exchange(other.from_, nullptr)), place_(other.place_) {}

slots::lease::~lease() {
    if (from_ != nullptr) {
        held.reset();
        from_->give_back(*place_, nullptr);
    }
}

void slots::lease::keep() {
    if (auto* const from = std::exchange(from_, nullptr)) {
        from->give_back(*place_, std::move(held));
    }
}

slots::waiter::waiter(slots& whose, origin& line)
    : owner(whose), place(line), wake(whose.where_, timer::time_point::max()) {
    owner.waiting_.push_back(*this);
    ++place.waiting;
}

slots::waiter::~waiter() {
    if (is_linked()) {
        owner.waiting_.erase(owner.waiting_.iterator_to(*this));
        --place.waiting;
        owner.let_go(place);
    }
}

slots::slots(executor where, slot_limits limits) : where_(where), limits_(limits), sweeper_(where) {}

slots::~slots() {
    *alive_ = false;
}

std::optional<slots::lease> slots::try_take(std::string const& key) {
    origin& place = find(key);
    if (auto kept = take_idle(place)) {
        return lease(*this, place, std::move(kept));
    }
    if (place.open >= limits_.per_origin || !make_room(place)) {
        return std::nullopt;
    }
    ++place.open;
    ++open_;
    return lease(*this, place, nullptr);
}

task<result<slots::lease>> slots::wait(std::string const& key, watched& op) {
    if (waiting_.size() >= limits_.waiting) {
        let_go(find(key));
        co_return errc::too_many_waiting;
    }
    waiter self(*this, find(key));
    op.on_end([&self] { self.wake.cancel(); });
    if (op.ended() != ending::none) {
        co_return errc::cancelled_unsent;
    }
    co_await self.wake.async_wait(use_tuple);
    op.clear_on_end();
    if (!self.granted) {
        co_return errc::cancelled_unsent;
    }
    lease taken = std::move(*self.granted);
    if (taken.held && !taken.held->still_idle()) {
        taken.held.reset();
    }
    co_return std::move(taken);
}

void slots::close() {
    closed_ = true;
    sweeper_.cancel();
    for (auto& one : waiting_) {
        one.wake.cancel();
    }
    for (auto entry = origins_.begin(); entry != origins_.end();) {
        origin& place = entry->second;
        ++entry; // let_go() may remove this one
        open_ -= place.idle.size();
        place.open -= place.idle.size();
        place.idle.clear();
        let_go(place);
    }
}

std::size_t slots::idle() const noexcept {
    std::size_t count = 0;
    for (auto const& [key, place] : origins_) {
        count += place.idle.size();
    }
    return count;
}

slots::origin& slots::find(std::string const& key) {
    auto const [entry, added] = origins_.try_emplace(key);
    if (added) {
        entry->second.key = &entry->first;
    }
    return entry->second;
}

std::unique_ptr<connection> slots::take_idle(origin& place) {
    while (!place.idle.empty()) {
        auto last = std::move(place.idle.back());
        place.idle.pop_back();
        if (last->idle_until > clock::now() && last->still_idle()) {
            return last;
        }
        --place.open;
        --open_;
    }
    return nullptr;
}

// Under the total cap, if need be by closing the connection that has been idle for longest anywhere else.
bool slots::make_room(origin const& place) {
    if (open_ < limits_.total) {
        return true;
    }
    origin* oldest = nullptr;
    for (auto& [key, other] : origins_) {
        if (&other != &place && !other.idle.empty() &&
            (oldest == nullptr || other.idle.front()->idle_until < oldest->idle.front()->idle_until)) {
            oldest = &other;
        }
    }
    if (oldest == nullptr) {
        return false;
    }
    oldest->idle.erase(oldest->idle.begin());
    --oldest->open;
    --open_;
    let_go(*oldest);
    return true;
}

bool slots::is_worth_keeping(connection& one) const {
    auto const now = clock::now();
    auto rest = limits_.max_idle;
    if (auto const announced = one.keep_alive_timeout()) {
        rest = std::min<clock::duration>(rest, *announced - travel_time);
    }
    one.idle_until = std::min(now + rest, one.opened_at + limits_.max_age);
    return one.keeps_open() && one.idle_until > now;
}

void slots::give_back(origin& place, std::unique_ptr<connection> one) {
    if (one && (closed_ || !is_worth_keeping(*one))) {
        one.reset();
    }
    if (serve_waiter(place, one)) {
        return;
    }
    if (one) {
        place.idle.push_back(std::move(one));
        schedule_sweep();
        return;
    }
    --place.open;
    --open_;
    let_go(place);
}

// Hands the freed slot to the longest waiting request that can use it: one for the same origin gets the
// connection too; one for another origin that only the total cap holds back gets the room.
bool slots::serve_waiter(origin& place, std::unique_ptr<connection>& one) {
    if (closed_) {
        return false;
    }
    for (auto& next : waiting_) {
        bool const same = &next.place == &place;
        if (!same && next.place.open >= limits_.per_origin) {
            continue;
        }
        if (!same) {
            one.reset();
            --place.open;
            ++next.place.open;
        }
        grant(next, std::move(one));
        let_go(place);
        return true;
    }
    return false;
}

void slots::grant(waiter& next, std::unique_ptr<connection> one) {
    slots& owner = next.owner;
    owner.waiting_.erase(owner.waiting_.iterator_to(next));
    --next.place.waiting;
    next.granted.emplace(lease(owner, next.place, std::move(one)));
    next.wake.cancel();
}

// An origin nobody uses leaves nothing behind: user-given URLs make any number of them.
void slots::let_go(origin& place) {
    if (place.open == 0 && place.waiting == 0) {
        origins_.erase(*place.key);
    }
}

void slots::schedule_sweep() {
    if (sweeping_) {
        return;
    }
    sweeping_ = true;
    sweeper_.expires_after(std::min(sweep_interval, limits_.max_idle));
    sweeper_.async_wait([this, alive = alive_](boost::system::error_code error) {
        if (!error && *alive) {
            sweep();
        }
    });
}

void slots::sweep() {
    sweeping_ = false;
    auto const now = clock::now();
    bool any = false;
    for (auto entry = origins_.begin(); entry != origins_.end();) {
        origin& place = entry->second;
        ++entry; // let_go() may remove this one
        auto const gone = std::erase_if(
            place.idle, [now](auto const& one) { return one->idle_until <= now || !one->still_idle(); });
        place.open -= gone;
        open_ -= gone;
        any = any || !place.idle.empty();
        let_go(place);
    }
    if (any) {
        schedule_sweep();
    }
}

} // namespace connectd::platforms::http
