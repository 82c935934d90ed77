#pragma once

// At most one at a time for each key, over all threads of the process: the others wait in line, each on its
// own thread, without blocking it. For work that must not be done twice, such as registering an application:
// whoever gets his turn looks first whether the one before him has done it.
//
// May be used from any thread that runs an io_context.
//
// Requires: the mutex outlives all turns, and the io_contexts of those who wait.

#include "server/runtime/error.hpp"
#include "server/runtime/task.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace connectd::server::runtime {

class keyed_mutex {
  public:
    keyed_mutex();
    keyed_mutex(keyed_mutex const&) = delete;
    keyed_mutex& operator=(keyed_mutex const&) = delete;
    ~keyed_mutex();

    // Held by the one whose turn it is; the next in line gets his when it is destroyed.
    class turn {
      public:
        turn(turn&& other) noexcept
            : owner_{std::exchange(other.owner_, nullptr)}, key_{std::move(other.key_)} {}
        turn& operator=(turn&&) = delete;
        ~turn();

      private:
        friend class keyed_mutex;
        turn(keyed_mutex& owner, std::string key) noexcept : owner_{&owner}, key_{std::move(key)} {}

        keyed_mutex* owner_;
        std::string key_;
    };

    // In the order of asking. errc::timed_out when the turn has not come by the deadline. Throws
    // system_error(operation_aborted) when cancelled while waiting.
    task<result<turn>> take(std::string key, steady_time deadline);

    // Of all keys together.
    std::size_t waiting() const;

  private:
    struct state;
    struct waiter;
    class place;
    void pass_on(std::string const& key) noexcept;

    std::unique_ptr<state> state_;
};

} // namespace connectd::server::runtime
