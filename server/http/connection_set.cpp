#include "server/http/connection_set.hpp"

#include "server/runtime/log.hpp"

#include <algorithm>
#include <utility>

namespace connectd::server::http {

namespace {

std::chrono::milliseconds tick_for(timeouts const& limits) {
    auto const shortest =
        std::min({limits.handshake, limits.header, limits.body, limits.handler + limits.handler_grace,
                  limits.write, limits.idle, limits.linger});
    return std::clamp(shortest / 4, std::chrono::milliseconds{5}, std::chrono::milliseconds{1000});
}

} // namespace

connection_base::connection_base(std::shared_ptr<connection_set> owner) : set_{std::move(owner)} {
    set_->add(*this);
}

connection_base::~connection_base() {
    set_->remove(*this);
}

connection_set::connection_set(runtime::executor executor, router const& routes, runtime::clock const& clock,
                               server_options options)
    : routes_{routes},
      clock_{clock},
      options_{std::move(options)},
      tick_{tick_for(options_.timeouts)},
      tasks_{executor, "http"},
      timer_{executor} {}

void connection_set::drain() {
    draining_ = true;
    sweeping_ = first_;
    while (sweeping_ != nullptr) {
        auto* const current = sweeping_;
        sweeping_ = current->next_;
        current->drain();
    }
}

void connection_set::close_all() noexcept {
    for (auto* each = first_; each != nullptr; each = each->next_) {
        each->close();
    }
}

response connection_set::problem(http_error const& error) const {
    if (options_.hooks.problem) {
        try {
            return options_.hooks.problem(error);
        } catch (std::exception const& failure) {
            runtime::log::error("the error page failed", {{"error", failure.what()}});
        }
    }
    return default_problem(error);
}

void connection_set::add(connection_base& connection) {
    connection.next_ = first_;
    if (first_ != nullptr) {
        first_->previous_ = &connection;
    }
    first_ = &connection;
    ++size_;
    schedule();
}

void connection_set::remove(connection_base& connection) noexcept {
    if (sweeping_ == &connection) {
        sweeping_ = connection.next_;
    }
    if (connection.next_ != nullptr) {
        connection.next_->previous_ = connection.previous_;
    }
    (connection.previous_ != nullptr ? connection.previous_->next_ : first_) = connection.next_;
    --size_;
    if (size_ == 0) {
        timer_.cancel(); // an empty server does not wake up, and its context can run out of work
    }
}

void connection_set::schedule() {
    if (scheduled_) {
        return;
    }
    scheduled_ = true;
    timer_.expires_after(tick_);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code) {
        self->scheduled_ = false;
        if (self->size_ != 0) {
            self->sweep();
            self->schedule();
        }
    });
}

void connection_set::sweep() {
    auto const now = runtime::steady_now();
    sweeping_ = first_;
    while (sweeping_ != nullptr) {
        auto* const current = sweeping_;
        sweeping_ = current->next_;
        current->check(now);
    }
}

} // namespace connectd::server::http
