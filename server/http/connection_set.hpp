#pragma once

// The connections of one listener and what they share. One thread.
//
// Deadlines: a connection's deadline is a plain member, and one timer a set walks the connections now and
// then. Moving a deadline, which every request does several times, costs one store; a connection has no
// timer, which also is 300 bytes less for each of 10,000 idle ones. The price is that a limit is overrun by
// up to one tick.

#include "server/http/options.hpp"
#include "server/http/router.hpp"
#include "server/http/serializer.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"

#include <cstddef>
#include <memory>

namespace connectd::server::http {

class connection_set;

// What the set needs to know of a connection. Links itself into the set for as long as it lives.
class connection_base {
  public:
    explicit connection_base(std::shared_ptr<connection_set> owner);
    connection_base(connection_base const&) = delete;
    connection_base& operator=(connection_base const&) = delete;
    virtual ~connection_base();

    // Called by the set's timer.
    virtual void check(runtime::steady_time now) = 0;

    // The server is about to stop: closes the connection if it waits for a request.
    virtual void drain() = 0;

    // Closes the socket whatever it does.
    virtual void close() noexcept = 0;

  protected:
    connection_set& set() const noexcept { return *set_; }

  private:
    friend class connection_set;

    std::shared_ptr<connection_set> set_;
    connection_base* previous_ = nullptr;
    connection_base* next_ = nullptr;
};

class connection_set : public std::enable_shared_from_this<connection_set> {
  public:
    // Requires: routes and clock outlive the set.
    connection_set(runtime::executor executor, router const& routes, runtime::clock const& clock,
                   server_options options);
    connection_set(connection_set const&) = delete;
    connection_set& operator=(connection_set const&) = delete;

    router const& routes() const noexcept { return routes_; }
    server_options const& options() const noexcept { return options_; }
    runtime::task_group& tasks() noexcept { return tasks_; }
    std::size_t size() const noexcept { return size_; }
    std::string_view date() { return date_.at(clock_.now()); }

    // Set when the server stops: no connection begins another request.
    bool draining() const noexcept { return draining_; }
    void drain();
    void close_all() noexcept;

    // The hook's answer, or the default one when there is no hook or it throws.
    response problem(http_error const& error) const;

  private:
    friend class connection_base;

    void add(connection_base& connection);
    void remove(connection_base& connection) noexcept;
    void schedule();
    void sweep();

    router const& routes_;
    runtime::clock const& clock_;
    server_options const options_;
    std::chrono::milliseconds const tick_;
    runtime::task_group tasks_;
    runtime::timer timer_;
    date_cache date_;
    connection_base* first_ = nullptr;
    connection_base* sweeping_ = nullptr; // the next one in a walk that is under way
    std::size_t size_ = 0;
    bool scheduled_ = false;
    bool draining_ = false;
};

} // namespace connectd::server::http
