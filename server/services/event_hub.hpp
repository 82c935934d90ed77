// Where the coroutines of one I/O thread wait for new events of a workspace.
//
// One a thread, used on that thread; registered with the bell before the threads start, and outlives the
// router. A thread on which nobody waits costs a ring one look at a counter.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/event_bell.hpp"

#include <atomic>
#include <cstddef>
#include <list>
#include <map>
#include <memory>

namespace connectd::server::services {

class event_hub {
  public:
    // Of this thread; more are refused.
    static constexpr std::size_t most_places = 256;
    static constexpr std::size_t most_of_workspace = 16;

    event_hub(runtime::executor context, event_bell& bell);
    event_hub(event_hub const&) = delete;
    event_hub& operator=(event_hub const&) = delete;

    // The right to wait for a workspace's events, for as long as it lives. Events that are committed while
    // there is a place are heard: `wait` returns at once when one came since the last wait. The hub outlives
    // its places.
    class place {
      public:
        place(place const&) = delete;
        place& operator=(place const&) = delete;
        ~place();

        // Until there is a new event, until then, or until the hub is closed.
        runtime::task<void> wait(runtime::steady_time until);
        bool closed() const noexcept { return hub_.closed_; }

      private:
        friend class event_hub;
        place(event_hub& hub, crypto::workspace_id workspace);

        event_hub& hub_;
        crypto::workspace_id workspace_;
        runtime::timer timer_;
        bool rung_ = false;
    };

    // Null when there are too many.
    std::unique_ptr<place> enter(crypto::workspace_id workspace);

    // Nobody waits any more, from now on: the server stops.
    void close();

  private:
    void heard(crypto::workspace_id workspace);

    runtime::executor context_;
    std::multimap<crypto::workspace_id, place*> places_;
    std::atomic<std::size_t> count_{0}; // read by those who ring
    bool closed_ = false;
};

} // namespace connectd::server::services
