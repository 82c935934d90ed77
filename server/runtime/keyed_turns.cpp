#include "server/runtime/keyed_turns.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <list>
#include <map>
#include <mutex>

namespace connectd::server::runtime {

// One who waits. Shared with the function that wakes him, which may run when he has gone.
struct keyed_turns::waiter {
    waiter(executor context, steady_time deadline) : bell{context, deadline} {}

    timer bell;            // used on its own thread only
    bool has_turn = false; // guarded by the mutex of `state`
};

struct keyed_turns::state {
    mutable std::mutex mutex{};
    struct line {
        std::size_t taken = 0;
        std::list<std::shared_ptr<waiter>> waiting{}; // while all turns are taken
    };
    // Of the keys whose turn somebody has.
    std::map<std::string, line> lines{};
};

// The place of one who waits, in the frame of his coroutine. When it goes before the turn was taken, so does
// the place, or the turn that came too late.
class keyed_turns::place {
  public:
    place(keyed_turns& owner, std::string key, std::shared_ptr<waiter> who)
        : owner_{&owner}, key_{std::move(key)}, who_{std::move(who)} {}
    place(place const&) = delete;
    place& operator=(place const&) = delete;
    ~place() {
        if (owner_ == nullptr) {
            return;
        }
        bool too_late = false;
        {
            std::lock_guard const lock{owner_->state_->mutex};
            too_late = who_->has_turn;
            if (!too_late) {
                owner_->state_->lines.at(key_).waiting.remove(who_);
            }
        }
        if (too_late) {
            owner_->pass_on(key_);
        }
    }

    std::optional<turn> turn_if_come() {
        std::lock_guard const lock{owner_->state_->mutex};
        if (!who_->has_turn) {
            return std::nullopt;
        }
        return turn{*std::exchange(owner_, nullptr), std::move(key_)};
    }

  private:
    keyed_turns* owner_;
    std::string key_;
    std::shared_ptr<waiter> who_;
};

keyed_turns::keyed_turns(std::size_t at_once) : at_once_{at_once}, state_{std::make_unique<state>()} {}
keyed_turns::~keyed_turns() = default;

keyed_turns::turn::~turn() {
    if (owner_ != nullptr) {
        owner_->pass_on(key_);
    }
}

task<result<keyed_turns::turn>> keyed_turns::take(std::string key, steady_time deadline) {
    auto const context = co_await boost::asio::this_coro::executor;
    auto const me = std::make_shared<waiter>(context, deadline);
    {
        std::lock_guard const lock{state_->mutex};
        auto& line = state_->lines[key];
        if (line.taken < at_once_) {
            ++line.taken;
            co_return turn{*this, std::move(key)};
        }
        line.waiting.push_back(me);
    }
    place mine{*this, std::move(key), me};
    auto const [error] = co_await me->bell.async_wait(use_tuple);
    if (auto come = mine.turn_if_come()) {
        co_return std::move(*come);
    }
    if (error) {
        throw boost::system::system_error{error};
    }
    co_return errc::timed_out;
}

std::optional<keyed_turns::turn> keyed_turns::take_if_free(std::string key) {
    std::lock_guard const lock{state_->mutex};
    auto& line = state_->lines[key];
    if (line.taken >= at_once_) {
        return std::nullopt;
    }
    ++line.taken;
    return turn{*this, std::move(key)};
}

void keyed_turns::pass_on(std::string const& key) noexcept {
    std::shared_ptr<waiter> next;
    {
        std::lock_guard const lock{state_->mutex};
        auto const found = state_->lines.find(key);
        auto& line = found->second;
        if (line.waiting.empty()) {
            if (--line.taken == 0) {
                state_->lines.erase(found);
            }
            return;
        }
        next = std::move(line.waiting.front());
        line.waiting.pop_front();
        next->has_turn = true;
    }
    auto const context = next->bell.get_executor();
    boost::asio::post(context, [woken = std::move(next)] { woken->bell.cancel(); });
}

std::size_t keyed_turns::waiting() const {
    std::lock_guard const lock{state_->mutex};
    std::size_t count = 0;
    for (auto const& [key, line] : state_->lines) {
        count += line.waiting.size();
    }
    return count;
}

} // namespace connectd::server::runtime
