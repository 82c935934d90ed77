// What must always hold of webhooks, whatever fails: told of every commit and of everything that arrives at
// an endpoint, it compares the two.
//
//   forged     an endpoint gets what has happened, and of that only the types it asked for
//   order      it gets an event, the first time, only after all earlier ones
//   owed       once nothing disturbs it, it has got everything
//   given_up   an endpoint that is never away for three days is not disabled
//
// Time is an argument and the true one. One thread.
#pragma once

#include "crypto/id.hpp"
#include "storage/tables/events.hpp"
#include "storage/write_batch.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/pretend_platforms.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::simulation {

class delivery_ledger {
  public:
    // An endpoint that wants these types, or all; it gets what happens from now on. They are numbered from 0.
    void open(std::vector<std::string> types);

    // In the order of the commits.
    void committed(std::vector<storage::write_batch::operation> const& written, sys_ms now);
    // `id` as the endpoint saw it.
    void arrived(std::size_t endpoint, std::string_view id, sys_ms now);
    // Something keeps events from the endpoint, or may show its effect, until then.
    void disturbed(std::size_t endpoint, sys_ms until);
    void disturbed(sys_ms until);
    // Looks at all endpoints.
    void audit(sys_ms now);

    std::vector<std::string> const& violations() const noexcept { return violations_; }
    std::size_t arrivals() const noexcept { return arrivals_; } // repeated ones included
    std::size_t endpoints() const noexcept { return endpoints_.size(); }

  private:
    struct endpoint {
        std::vector<std::string> types;
        std::vector<std::size_t> wanted{};          // places in the log
        std::map<std::string, std::size_t> ranks{}; // in `wanted`, by id
        std::size_t got = 0;                        // so many of the first of them
        sys_ms excused{};
    };
    struct entry {
        std::string id;
        sys_ms since{};
    };
    void violated(std::string_view rule, std::string_view what, sys_ms now);

    std::vector<entry> log_;
    std::vector<endpoint> endpoints_;
    std::vector<std::string> violations_;
    std::size_t arrivals_ = 0;
};

} // namespace connectd::simulation
