// What must always hold of webhooks, whatever fails: told of every commit and of everything that arrives at
// an endpoint, it compares the two.
//
//   forged     an endpoint gets what has happened, and of that only the types it asked for
//   order      it gets an event, the first time, only after all earlier ones
//   owed       once nothing disturbs it, it has got everything, and again what was asked for once more
//   paused     it gets nothing while it is paused or disabled, but for what is on its way
//   given_up   an endpoint that is never away for three days is not disabled, one that is gone is
//
// Time is an argument and the true one. One thread.
#pragma once

#include "crypto/id.hpp"
#include "storage/tables/events.hpp"
#include "storage/tables/webhooks.hpp"
#include "storage/write_batch.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/pretend_platforms.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::simulation {

class delivery_ledger {
  public:
    // An endpoint that wants these types, or all; it gets what happens from now on. They are numbered from 0.
    void open(std::string id, std::vector<std::string> types);

    // In the order of the commits.
    void committed(std::vector<storage::write_batch::operation> const& written, sys_ms now);
    // `id` as the endpoint saw it.
    void arrived(std::size_t endpoint, std::string_view id, sys_ms now);
    // It answers that it wants no more.
    void said_gone(std::size_t endpoint, sys_ms now);
    // Something keeps events from the endpoint, or may show its effect, until then.
    void disturbed(std::size_t endpoint, sys_ms until);
    void disturbed(sys_ms until);
    // Looks at all endpoints.
    void audit(sys_ms now);

    std::vector<std::string> const& violations() const noexcept { return violations_; }
    std::size_t arrivals() const noexcept { return arrivals_; } // repeated ones included
    std::size_t endpoints() const noexcept { return endpoints_.size(); }
    // The last event that the endpoint has got; empty before the first.
    std::string last_of(std::size_t endpoint) const;

  private:
    struct endpoint {
        std::string id;
        std::vector<std::string> types;
        std::vector<std::size_t> wanted{};          // places in the log
        std::map<std::string, std::size_t> ranks{}; // in `wanted`, by id
        std::size_t got = 0;                        // so many of the first of them
        std::map<std::string, sys_ms> again{};      // asked for once more, by event, and since when
        std::size_t said_gone = 0;
        std::optional<sys_ms> paused_since{};
        sys_ms excused{};
    };
    struct entry {
        std::string id;
        sys_ms since{};
    };
    void happened(storage::event const& what, sys_ms now);
    void changed(storage::webhook const& what, sys_ms now);
    void queued(storage::delivery const& what, sys_ms now);
    void disabled(storage::event const& what, sys_ms now);
    void violated(std::string_view rule, std::string_view what, sys_ms now);

    std::vector<entry> log_;
    std::vector<endpoint> endpoints_;
    std::vector<std::string> violations_;
    std::size_t arrivals_ = 0;
};

} // namespace connectd::simulation
