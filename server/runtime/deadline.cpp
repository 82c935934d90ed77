#include "server/runtime/deadline.hpp"

#include "server/runtime/clock.hpp"

namespace connectd::server::runtime {

namespace asio = boost::asio;

// The timer is armed for the earliest deadline seen and, when it wakes, waits again for what is left. Moving
// the deadline further away therefore touches neither the timer queue nor the allocator.
struct watchdog::state : std::enable_shared_from_this<state> {
    state(executor context, std::function<void()> on_expiry) : wake{context}, call{std::move(on_expiry)} {}

    void arm() {
        armed_for = deadline;
        ++generation;
        wake.expires_at(deadline);
        wake.async_wait([self = shared_from_this(), mine = generation](boost::system::error_code) {
            if (mine == self->generation) {
                self->on_wake();
            }
        });
    }

    void on_wake() {
        armed_for = steady_time::max();
        if (deadline == steady_time::max()) {
            return;
        }
        if (steady_now() < deadline) {
            arm();
            return;
        }
        deadline = steady_time::max();
        expired = true;
        call();
    }

    timer wake;
    std::function<void()> call;
    steady_time deadline = steady_time::max();
    steady_time armed_for = steady_time::max();
    std::uint64_t generation = 0; // a handler of an older one was overtaken by a new arm() or by destruction
    bool expired = false;
};

watchdog::watchdog(executor context, std::function<void()> on_expiry)
    : state_{std::make_shared<state>(context, std::move(on_expiry))} {}

watchdog::~watchdog() {
    ++state_->generation;
    state_->wake.cancel();
}

void watchdog::expires_at(steady_time deadline) {
    state_->expired = false;
    state_->deadline = deadline;
    if (deadline < state_->armed_for) {
        state_->arm();
    }
}

void watchdog::disarm() noexcept {
    state_->expired = false;
    state_->deadline = steady_time::max();
}

bool watchdog::expired() const noexcept {
    return state_->expired;
}

task<void> wait_until(steady_time when) {
    timer wake{co_await asio::this_coro::executor, when};
    co_await wake.async_wait(use_task);
}

namespace detail {

struct deadline_scope::state {
    explicit state(executor context) : wake{context} {}

    timer wake;
    asio::cancellation_signal signal{};
    bool expired = false;
    bool left = false;
};

deadline_scope::deadline_scope(executor context, steady_time deadline, asio::cancellation_slot parent)
    : state_{std::make_shared<state>(context)}, parent_{parent} {
    state_->wake.expires_at(deadline);
    state_->wake.async_wait([self = state_](boost::system::error_code error) {
        if (!error && !self->left) {
            self->expired = true;
            self->signal.emit(asio::cancellation_type::terminal);
        }
    });
    if (parent_.is_connected()) {
        parent_.assign([self = state_](asio::cancellation_type type) {
            auto const alive = self; // the handler itself may go while it runs
            alive->signal.emit(type);
        });
    }
}

deadline_scope::~deadline_scope() {
    state_->left = true;
    state_->wake.cancel();
    if (parent_.is_connected()) {
        parent_.clear();
    }
}

asio::cancellation_slot deadline_scope::child() noexcept {
    return state_->signal.slot();
}

bool deadline_scope::expired() const noexcept {
    return state_->expired;
}

} // namespace detail

} // namespace connectd::server::runtime
