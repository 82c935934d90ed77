// Does what is due: reads refresh_due a part at a time, hands each due row to the refresher or to the
// notices, and looks at the clock every `interval`.
//
// Belongs to the background thread. The two task groups are its thread's: `run` is a task of one, the work it
// starts are tasks of the other, so that the scheduler can end while refreshes that have begun go on.
#pragma once

#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/error.hpp"
#include "server/services/refresh/agenda.hpp"
#include "server/services/refresh/desk.hpp"
#include "server/services/refresh/meters.hpp"
#include "server/services/refresh/notices.hpp"
#include "server/services/refresh/refresher.hpp"
#include "storage/kv.hpp"

#include <chrono>
#include <optional>

namespace connectd::server::services::refresh {

class scheduler {
  public:
    struct parts {
        storage::kv& store;
        runtime::clock const& clock;
        refresher& refreshes;
        notices& tells;
        desk& front;
        meters& counted;
        runtime::task_group& work;
    };
    struct options {
        agenda::options plan = {};
        std::chrono::milliseconds interval = std::chrono::seconds{1};
        std::size_t page = 500; // rows read at a time
    };

    scheduler(parts given, options chosen, runtime::executor context);
    scheduler(scheduler const&) = delete;
    scheduler& operator=(scheduler const&) = delete;

    // Until it is cancelled.
    runtime::task<void> run();

    // Looks at the clock now and not at the end of the interval, for those who move the clock.
    void look();

    // A row of refresh_due was written.
    void changed(storage::refresh_due row);
    // A refresh that somebody asked for has ended.
    void refreshed(report const& ended);

  private:
    struct finish;
    runtime::task<void> read();
    void start_due();
    runtime::task<void> work_on(storage::refresh_due row);
    runtime::task<finish> do_work(storage::refresh_due row);

    parts given_;
    options options_;
    agenda agenda_;
    runtime::timer tick_;
    bool woken_ = false;
    runtime::sys_ms last_seen_;
    runtime::sys_ms last_shown_ = runtime::sys_ms::min();
};

} // namespace connectd::server::services::refresh
