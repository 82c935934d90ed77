#include "server/services/event_hub.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace connectd::server::services {

event_hub::event_hub(runtime::executor context, event_bell& bell) : context_{context} {
    bell.listen(context, std::bind_front(&event_hub::heard, this), &count_);
}

std::unique_ptr<event_hub::place> event_hub::enter(crypto::workspace_id workspace) {
    if (closed_ || places_.size() >= most_places || places_.count(workspace) >= most_of_workspace) {
        return nullptr;
    }
    return std::unique_ptr<place>{new place{*this, workspace}};
}

void event_hub::close() {
    closed_ = true;
    for (auto const& [workspace, one] : places_) {
        one->timer_.cancel();
    }
}

void event_hub::heard(crypto::workspace_id workspace) {
    auto const [first, last] = places_.equal_range(workspace);
    std::for_each(first, last, [](auto const& entry) {
        entry.second->rung_ = true;
        entry.second->timer_.cancel();
    });
}

event_hub::place::place(event_hub& hub, crypto::workspace_id workspace)
    : hub_{hub}, workspace_{workspace}, timer_{hub.context_} {
    hub_.places_.emplace(workspace_, this);
    ++hub_.count_;
}

event_hub::place::~place() {
    auto const [first, last] = hub_.places_.equal_range(workspace_);
    auto const mine = std::find_if(first, last, [this](auto const& entry) { return entry.second == this; });
    hub_.places_.erase(mine);
    --hub_.count_;
}

runtime::task<void> event_hub::place::wait(runtime::steady_time until) {
    if (!std::exchange(rung_, false) && !hub_.closed_) {
        timer_.expires_at(until);
        co_await timer_.async_wait(runtime::use_tuple);
        rung_ = false;
    }
}

} // namespace connectd::server::services
