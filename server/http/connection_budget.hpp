#pragma once

// How many connections may be open over all threads together. Any thread may call any function.

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace connectd::server::http {

class connection_budget {
  public:
    explicit connection_budget(std::size_t limit) noexcept : limit_{limit} {}

    // False when all are taken.
    bool take() noexcept {
        if (used_.fetch_add(1, std::memory_order_relaxed) < limit_) {
            return true;
        }
        give_back();
        return false;
    }
    void give_back() noexcept { used_.fetch_sub(1, std::memory_order_relaxed); }

    std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
    std::size_t limit() const noexcept { return limit_; }

  private:
    std::size_t const limit_;
    std::atomic<std::size_t> used_{0};
};

// A place taken from a budget, given back with the connection that holds it.
class connection_place {
  public:
    // Requires: the place was taken.
    explicit connection_place(std::shared_ptr<connection_budget> budget) noexcept
        : budget_{std::move(budget)} {}
    connection_place(connection_place&& other) noexcept = default;
    connection_place& operator=(connection_place&&) = delete;
    ~connection_place() {
        if (budget_) {
            budget_->give_back();
        }
    }

  private:
    std::shared_ptr<connection_budget> budget_;
};

} // namespace connectd::server::http
