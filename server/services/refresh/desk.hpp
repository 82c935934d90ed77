// Where every thread reaches the refreshing, which happens on the background thread alone.
//
// Made before the threads and outlives them. The background thread opens it before any other runs; then every
// function may be called from every thread.
#pragma once

#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/refresh/report.hpp"
#include "storage/tables/refresh_due.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <utility>

namespace connectd::server::services::refresh {

class refresher;

class desk {
  public:
    desk() = default;
    desk(desk const&) = delete;
    desk& operator=(desk const&) = delete;

    // Who is behind the desk: called on the background thread, outlives the threads that use the desk.
    struct backing {
        refresher& does_it;
        runtime::task_group& tasks; // of the background thread
        runtime::executor context;  // its
        std::function<void(storage::refresh_due)> changed;
        std::function<void(report const&)> refreshed; // on request
    };
    void open(backing by) { backing_.emplace(std::move(by)); }

    // Refreshes, or joins a refresh of the account that is under way, and waits for its end; a caller that
    // goes away ends nothing. Throws runtime::errc::stopped (as system_error) during the shutdown. Requires:
    // open.
    runtime::task<report> refresh(order what);

    // To be called when an account's row of refresh_due has been written, once it is committed. Does nothing
    // for a row that the background thread will read by itself when it is nearer, and before the desk is
    // open.
    void changed(std::optional<storage::refresh_due> const& row);

    // For the background thread: rows due at `moment` or before are told from now on. To be called before
    // they are read, or one that is written at that time is missed by both.
    void tell_until(runtime::sys_ms moment) noexcept { told_until_.store(moment, std::memory_order_seq_cst); }

  private:
    runtime::task<report> serve(order what);

    std::optional<backing> backing_;
    std::atomic<runtime::sys_ms> told_until_{runtime::sys_ms::min()};
};

} // namespace connectd::server::services::refresh
