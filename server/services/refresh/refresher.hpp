// One refresh at a time for each account, whoever wants it: the timer, a request, a call that was refused.
// The first one begins it, the others join it and get its report.
//
// A refresh is a task of its own: nobody who waits for it can end it, so a connection that goes away loses no
// token. Belongs to the background thread, which runs its task group; the group is joined before this object
// goes.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/task.hpp"
#include "server/runtime/task_group.hpp"
#include "server/services/refresh/meters.hpp"
#include "server/services/refresh/report.hpp"
#include "server/services/refresh/spender.hpp"

#include <memory>
#include <unordered_map>

namespace connectd::server::services::refresh {

class refresher {
  public:
    refresher(spender& does_it, meters& counted, runtime::task_group& tasks) noexcept
        : spender_{does_it}, meters_{counted}, tasks_{tasks} {}
    refresher(refresher const&) = delete;
    refresher& operator=(refresher const&) = delete;

    // Throws runtime::errc::stopped (as system_error) once the task group is closed.
    runtime::task<report> refresh(order what);

  private:
    struct flight;
    std::shared_ptr<flight> begin(order what, runtime::executor context);
    runtime::task<void> fly(std::shared_ptr<flight> one);

    spender& spender_;
    meters& meters_;
    runtime::task_group& tasks_;
    std::unordered_map<crypto::account_id, std::shared_ptr<flight>> flights_; // under way
};

} // namespace connectd::server::services::refresh
