#pragma once

// At most one at a time for each key, or as many as were said, over all threads of the process: the others
// wait in line, each on its own thread, without blocking it. For work that must not be done twice, such as
// registering an application: whoever gets his turn looks first whether the one before him has done it. And
// for work that must not be too much at once, such as calls to one platform.
//
// May be used from any thread that runs an io_context.
//
// Requires: this object outlives all turns, and the io_contexts of those who wait.

#include "server/runtime/error.hpp"
#include "server/runtime/task.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace connectd::server::runtime {

class keyed_turns {
  public:
    // Requires: `at_once` is not 0.
    explicit keyed_turns(std::size_t at_once = 1);
    keyed_turns(keyed_turns const&) = delete;
    keyed_turns& operator=(keyed_turns const&) = delete;
    ~keyed_turns();

    // Held by the one whose turn it is; the next in line gets his when it is destroyed.
    class turn {
      public:
        turn(turn&& other) noexcept
            : owner_{std::exchange(other.owner_, nullptr)}, key_{std::move(other.key_)} {}
        turn& operator=(turn&&) = delete;
        ~turn();

      private:
        friend class keyed_turns;
        turn(keyed_turns& owner, std::string key) noexcept : owner_{&owner}, key_{std::move(key)} {}

        keyed_turns* owner_;
        std::string key_;
    };

    // In the order of asking. errc::timed_out when the turn has not come by the deadline. Throws
    // system_error(operation_aborted) when cancelled while waiting.
    task<result<turn>> take(std::string key, steady_time deadline);

    // Without waiting; nothing where that would be needed.
    std::optional<turn> take_if_free(std::string key);

    // Of all keys together.
    std::size_t waiting() const;

  private:
    struct state;
    struct waiter;
    class place;
    void pass_on(std::string const& key) noexcept;

    std::size_t at_once_;
    std::unique_ptr<state> state_;
};

} // namespace connectd::server::runtime
