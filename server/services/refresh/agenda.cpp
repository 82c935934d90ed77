#include "server/services/refresh/agenda.hpp"

#include <algorithm>

namespace connectd::server::services::refresh {

using storage::refresh_due;

namespace {

// Where the rows begin that are due after `moment`.
std::string behind(runtime::sys_ms moment) {
    return storage::refresh_dues::cursor_at(moment + std::chrono::milliseconds{1});
}

} // namespace

agenda::agenda(options chosen, runtime::sys_ms now)
    : options_{chosen}, wheel_{now}, read_until_{runtime::sys_ms::min()} {}

// Notices ask nobody anything and have a lane of their own; no platform's name begins with a space.
std::string agenda::lane_name(refresh_due const& row) {
    return row.kind == storage::due_kind::notice ? " notices" : row.lane;
}

agenda::lanes::iterator agenda::lane_of(refresh_due const& row) {
    return lanes_.try_emplace(lane_name(row), options_.lane).first;
}

std::optional<agenda::reading> agenda::next_reading(runtime::sys_ms now) {
    auto const until = now + options_.horizon;
    bool const under_way = read_until_ != runtime::sys_ms::min() && frontier_ < behind(read_until_);
    // A quarter of the horizon is read at a time, so that nobody looks each time the clock moves.
    if (under_way || read_until_ < until - options_.horizon / 4) {
        read_until_ = under_way ? read_until_ : until;
        return reading{.cursor = frontier(), .until = read_until_, .lane = {}};
    }
    for (auto const& [name, each] : lanes_) {
        if (each.stopped_at && each.entries <= options_.lane_limit / 2) {
            return reading{.cursor = each.stopped_at, .until = read_until_, .lane = name};
        }
    }
    return std::nullopt;
}

void agenda::read(reading const& what, storage::listing<refresh_due> const& page) {
    if (what.lane) {
        read_lane(what, page);
        return;
    }
    if (what.cursor != frontier()) {
        return; // time went back while it was read
    }
    frontier_ = page.next_cursor.value_or(behind(what.until));
    for (auto const& row : page.items) {
        if (!by_account_.contains(row.account)) {
            admit(row, options_.lane_limit);
        }
    }
}

void agenda::read_lane(reading const& what, storage::listing<refresh_due> const& page) {
    auto const of = lanes_.find(*what.lane);
    if (of == lanes_.end() || of->second.stopped_at != what.cursor) {
        return; // it stops elsewhere by now
    }
    // Behind the page, unless there is no room for one of its rows: then there.
    of->second.stopped_at = page.next_cursor;
    for (auto const& row : page.items) {
        if (lane_name(row) == *what.lane && !by_account_.contains(row.account)) {
            admit(row, options_.lane_limit);
        }
    }
    release_lane(of);
}

std::optional<std::string> agenda::frontier() const {
    return frontier_.empty() ? std::nullopt : std::optional{frontier_};
}

void agenda::changed(refresh_due row) {
    auto const found = by_account_.find(row.account);
    if (found != by_account_.end()) {
        auto& held = *places_[found->second];
        if (held.is == state::taken) {
            held.news = std::move(row);
            return;
        }
        auto const was = held.of;
        remove(found->second);
        admit(std::move(row), most_told());
        release_lane(was);
        return;
    }
    admit(std::move(row), most_told());
}

// Takes a row in, if it belongs here: what was not read yet comes with the reading, and what has no room is
// where the lane stops.
void agenda::admit(refresh_due row, std::size_t most, std::optional<runtime::sys_ms> not_before) {
    auto key = storage::refresh_dues::key(row);
    if (key >= frontier_) {
        return;
    }
    auto const of = lane_of(row);
    auto& stopped = of->second.stopped_at;
    if (stopped && key >= *stopped) {
        return;
    }
    if (of->second.entries >= most) {
        stopped = std::move(key);
        return;
    }
    auto const when = not_before ? std::max(row.due, *not_before) : row.due;
    insert(std::move(row), of, when);
}

void agenda::insert(refresh_due row, lanes::iterator of, runtime::sys_ms when) {
    timer_wheel::item which = 0;
    if (free_.empty()) {
        which = static_cast<timer_wheel::item>(places_.size());
        places_.emplace_back();
    } else {
        which = free_.back();
        free_.pop_back();
    }
    by_account_.emplace(row.account, which);
    row.lane.clear(); // `of` says it
    places_[which].emplace(place{.row = std::move(row), .of = of, .is = state::waiting, .news = {}});
    ++of->second.entries;
    wheel_.insert(which, when);
}

void agenda::remove(timer_wheel::item which) {
    auto& held = *places_[which];
    auto& of = held.of->second;
    switch (held.is) {
    case state::waiting:
        wheel_.erase(which);
        break;
    case state::ready:
        of.ready.erase({held.row.due, which});
        --ready_;
        break;
    case state::taken:
        --of.taken;
        --taken_;
        break;
    }
    --of.entries;
    by_account_.erase(held.row.account);
    places_[which].reset();
    free_.push_back(which);
}

// An empty lane is not kept, nor what is held against it: servers of single accounts come and go.
void agenda::release_lane(lanes::iterator which) {
    if (which->second.entries == 0 && !which->second.stopped_at) {
        lanes_.erase(which);
    }
}

std::optional<refresh_due> agenda::take(runtime::sys_ms now) {
    for (auto const which : wheel_.advance(now)) {
        auto& held = *places_[which];
        held.is = state::ready;
        held.of->second.ready.emplace(held.row.due, which);
        ++ready_;
    }
    if (taken_ >= options_.at_once) {
        return std::nullopt;
    }
    auto first = lanes_.end();
    for (auto at = lanes_.begin(); at != lanes_.end(); ++at) {
        auto const& ready = at->second.ready;
        bool const earlier =
            !ready.empty() && (first == lanes_.end() || *ready.begin() < *first->second.ready.begin());
        if (earlier && at->second.taken < at->second.line.allowed(now)) {
            first = at;
        }
    }
    if (first == lanes_.end()) {
        return std::nullopt;
    }
    auto& [name, of] = *first;
    auto const which = of.ready.begin()->second;
    of.ready.erase(of.ready.begin());
    --ready_;
    auto& held = *places_[which];
    held.is = state::taken;
    ++of.taken;
    ++taken_;
    auto row = held.row;
    row.lane = name;
    return row;
}

void agenda::tell(lane& of, ending how, runtime::sys_ms now) {
    if (how == ending::answered) {
        of.line.answered();
    } else if (how == ending::failed) {
        of.line.failed(now);
    }
}

void agenda::finished(crypto::account_id account, ending how, std::optional<refresh_due> next,
                      runtime::sys_ms now, std::optional<runtime::sys_ms> not_before) {
    auto const which = by_account_.at(account);
    auto const of = places_[which]->of;
    // What was told meanwhile is newer than what the work saw.
    if (auto& news = places_[which]->news) {
        next = std::move(news);
    }
    tell(of->second, how, now);
    remove(which);
    if (next) {
        admit(std::move(*next), most_told(), not_before);
    }
    release_lane(of);
}

void agenda::heard(refresh_due const& row, ending how, runtime::sys_ms now) {
    auto const of = lanes_.find(lane_name(row));
    if (of != lanes_.end()) {
        tell(of->second, how, now);
    }
}

void agenda::restart(runtime::sys_ms now) {
    for (timer_wheel::item which = 0; which < places_.size(); ++which) {
        if (places_[which] && places_[which]->is != state::taken) {
            remove(which);
        }
    }
    for (auto at = lanes_.begin(); at != lanes_.end();) {
        at->second.stopped_at.reset();
        release_lane(at++);
    }
    wheel_ = timer_wheel{now};
    frontier_.clear();
    read_until_ = runtime::sys_ms::min();
}

agenda::figures agenda::count() const noexcept {
    return {.waiting = wheel_.size(), .ready = ready_, .taken = taken_};
}

std::map<std::string, std::size_t> agenda::open_breakers() const {
    std::map<std::string, std::size_t> open;
    for (auto const& [name, each] : lanes_) {
        if (!each.line.closed()) {
            ++open[name.substr(0, name.find(' '))];
        }
    }
    return open;
}

} // namespace connectd::server::services::refresh
