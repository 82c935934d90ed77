#include "server/services/refresh/breaker.hpp"

#include <algorithm>

namespace connectd::server::services::refresh {

std::size_t breaker::allowed(runtime::sys_ms now) const noexcept {
    if (!open_until_) {
        return allowed_;
    }
    return now < *open_until_ ? 0 : 1;
}

void breaker::answered() noexcept {
    failures_ = 0;
    if (open_until_) {
        open_until_.reset();
        pause_ = std::chrono::milliseconds{0};
        allowed_ = 1;
        good_in_round_ = 0;
        return;
    }
    if (allowed_ < limits_.at_once && ++good_in_round_ >= allowed_) {
        good_in_round_ = 0;
        ++allowed_;
    }
}

void breaker::failed(runtime::sys_ms now) noexcept {
    if (open_until_ && now < *open_until_) {
        return; // a call that began before it opened
    }
    if (!open_until_ && ++failures_ < limits_.failures) {
        return;
    }
    pause_ = pause_ == std::chrono::milliseconds{0} ? limits_.first_pause
                                                    : std::min(pause_ * 2, limits_.longest_pause);
    open_until_ = now + pause_;
}

} // namespace connectd::server::services::refresh
