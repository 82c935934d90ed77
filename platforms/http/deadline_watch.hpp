// Ends operations whose deadline has passed, with one timer for all of them: arming a timer per request would
// cost more than the rest of the bookkeeping. The timer is set anew only when an earlier deadline arrives,
// and stays armed while requests come and go under it.
//
// One thread. The watch outlives what it watches.
#pragma once

#include "platforms/task.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace connectd::platforms::http {

class deadline_watch;

enum class ending { none, expired, cancelled };

// One operation under a deadline, for as long as this object lives. Lives in the frame of the coroutine that
// does it.
class watched : public boost::intrusive::list_base_hook<> {
  public:
    // With `patience`, each single wait is bounded too: from begin_wait on.
    watched(deadline_watch& watch, deadline until,
            std::chrono::steady_clock::duration patience = std::chrono::steady_clock::duration::max());
    ~watched();
    watched(watched const&) = delete;
    watched& operator=(watched const&) = delete;

    // What to call, once, when the operation must end: something that makes the wait under way complete, such
    // as closing a socket. It must not resume a coroutine itself. Replaces the previous one; called at once
    // if all is over already.
    void on_end(std::function<void()> abort);
    // Requires: nothing pending needs the previous one.
    void clear_on_end() noexcept { abort_ = nullptr; }

    ending ended() const noexcept { return ended_; }
    // When it ends as things are.
    deadline until() const noexcept { return until_; }

    void begin_wait();
    // What follows is no wait for the network: the deadline alone counts.
    void end_wait() noexcept { until_ = whole_; }
    deadline_watch& watch() noexcept { return watch_; }

    // Ends the operation, unless it has ended.
    void end(ending why);

  private:
    deadline_watch& watch_;
    deadline const whole_;
    std::chrono::steady_clock::duration const patience_;
    deadline until_;
    ending ended_ = ending::none;
    std::function<void()> abort_;
};

class deadline_watch {
  public:
    explicit deadline_watch(executor where);
    // Requires: nothing is watched any more.
    ~deadline_watch();
    deadline_watch(deadline_watch const&) = delete;
    deadline_watch& operator=(deadline_watch const&) = delete;

    // Ends everything watched as cancelled.
    void cancel_all();

    // From now on the timer is stopped whenever nothing is watched, so that the io_context can run out of
    // work.
    void let_go();

  private:
    friend class watched;
    void add(watched& one);
    void expect(deadline at);
    void remove(watched& one);
    void arm(deadline at);
    void disarm();
    void expire();

    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, executor>
        timer_;
    boost::intrusive::list<watched, boost::intrusive::constant_time_size<false>> all_;
    deadline armed_ = deadline::max();
    bool letting_go_ = false;
    // A timer's handler may already be queued when the watch is destroyed; it looks here first.
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace connectd::platforms::http
