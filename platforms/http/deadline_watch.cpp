#include "platforms/http/deadline_watch.hpp"

#include <algorithm>
#include <utility>

namespace connectd::platforms::http {

watched::watched(deadline_watch& watch, deadline until, std::chrono::steady_clock::duration patience)
    : watch_(watch), whole_(until), patience_(patience), until_(until) {
    watch_.add(*this);
}

watched::~watched() {
    watch_.remove(*this);
}

void watched::on_end(std::function<void()> abort) {
    if (ended_ != ending::none) {
        abort();
        return;
    }
    abort_ = std::move(abort);
}

void watched::begin_wait() {
    auto const now = std::chrono::steady_clock::now();
    if (patience_ < whole_ - now) {
        until_ = now + patience_;
        watch_.expect(until_);
    }
}

void watched::end(ending why) {
    if (ended_ != ending::none) {
        return;
    }
    ended_ = why;
    if (auto const abort = std::exchange(abort_, nullptr)) {
        abort();
    }
}

deadline_watch::deadline_watch(executor where) : timer_(where) {}

deadline_watch::~deadline_watch() {
    *alive_ = false;
}

void deadline_watch::cancel_all() {
    for (auto& one : all_) {
        one.end(ending::cancelled);
    }
}

void deadline_watch::let_go() {
    letting_go_ = true;
    if (all_.empty()) {
        disarm();
    }
}

void deadline_watch::disarm() {
    armed_ = deadline::max();
    timer_.cancel();
}

void deadline_watch::add(watched& one) {
    all_.push_back(one);
    expect(one.until());
}

void deadline_watch::expect(deadline at) {
    if (at < armed_) {
        arm(at);
    }
}

void deadline_watch::remove(watched& one) {
    all_.erase(all_.iterator_to(one));
    if (letting_go_ && all_.empty()) {
        disarm();
    }
}

void deadline_watch::arm(deadline at) {
    armed_ = at;
    timer_.expires_at(at);
    timer_.async_wait([this, alive = alive_](boost::system::error_code error) {
        if (!error && *alive) {
            expire();
        }
    });
}

void deadline_watch::expire() {
    auto const now = std::chrono::steady_clock::now();
    // A handler that was queued when the timer was set anew finds nothing due and must not forget the newer
    // setting.
    deadline next = deadline::max();
    for (auto& one : all_) {
        if (one.ended() != ending::none) {
            continue;
        }
        if (one.until() <= now) {
            one.end(ending::expired);
        } else {
            next = std::min(next, one.until());
        }
    }
    armed_ = deadline::max();
    if (next != deadline::max()) {
        arm(next);
    }
}

} // namespace connectd::platforms::http
