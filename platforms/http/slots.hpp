// Who may have a connection: the idle ones per origin, the caps, and the queue of those who wait. Knows
// nothing of addresses or messages. One thread; outlives its leases.
#pragma once

#include "platforms/error.hpp"
#include "platforms/http/connection.hpp"
#include "platforms/http/deadline_watch.hpp"
#include "platforms/task.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace connectd::platforms::http {

struct slot_limits {
    std::size_t per_origin;
    std::size_t total;
    std::size_t waiting;
    std::chrono::steady_clock::duration max_idle;
    std::chrono::steady_clock::duration max_age;
};

class slots {
  public:
    slots(executor where, slot_limits limits);
    ~slots();
    slots(slots const&) = delete;
    slots& operator=(slots const&) = delete;

  private:
    struct origin {
        std::string const* key = nullptr;
        std::size_t open = 0;                          // connections in use, idle, or about to be made
        std::size_t waiting = 0;                       // keeps the entry, like `open`
        std::vector<std::unique_ptr<connection>> idle; // latest used last
    };

  public:
    // The right to one connection. Given back when destroyed; the connection is closed then, unless it was
    // kept.
    class lease {
      public:
        lease(lease&& other) noexcept;
        lease& operator=(lease&&) = delete;
        ~lease();

        // Null: the holder makes one.
        std::unique_ptr<connection> held;

        // Gives the connection to whoever comes next. Ends the lease.
        void keep();

      private:
        friend class slots;
        lease(slots& from, origin& place, std::unique_ptr<connection> one)
            : held(std::move(one)), from_(&from), place_(&place) {}
        slots* from_;
        origin* place_;
    };

    // A lease at once, with a kept connection where a good one lies idle; nothing when all are busy.
    std::optional<lease> try_take(std::string const& key);

    // Waits in line for one. Errors: too_many_waiting; cancelled_unsent when closed, or when `op` ended
    // meanwhile (the caller asks `op` for the reason).
    task<result<lease>> wait(std::string const& key, watched& op);

    // Closes idle connections, refuses those who wait, keeps nothing from now on.
    void close();
    bool closed() const noexcept { return closed_; }

    std::size_t open() const noexcept { return open_; }
    std::size_t idle() const noexcept;
    std::size_t waiting() const noexcept { return waiting_.size(); }

  private:
    using timer =
        boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                          boost::asio::wait_traits<std::chrono::steady_clock>, executor>;
    struct waiter : boost::intrusive::list_base_hook<> {
        waiter(slots& whose, origin& line);
        ~waiter();
        slots& owner;
        origin& place;
        timer wake;
        std::optional<lease> granted;
    };

    origin& find(std::string const& key);
    std::unique_ptr<connection> take_idle(origin& place);
    bool make_room(origin const& place);
    bool is_worth_keeping(connection& one) const;
    void give_back(origin& place, std::unique_ptr<connection> one);
    bool serve_waiter(origin& place, std::unique_ptr<connection>& one);
    static void grant(waiter& next, std::unique_ptr<connection> one);
    void let_go(origin& place);
    void schedule_sweep();
    void sweep();

    executor where_;
    slot_limits limits_;
    std::unordered_map<std::string, origin> origins_;
    boost::intrusive::list<waiter> waiting_; // longest first
    std::size_t open_ = 0;
    bool closed_ = false;
    timer sweeper_;
    bool sweeping_ = false;
    // The sweeper's handler may already be queued when this object is destroyed; it looks here first.
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace connectd::platforms::http
