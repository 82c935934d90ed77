// What of refresh_due is in memory, and what of that may be done now.
//
// The store has a row for every account; here is only what is due within the horizon, and of that a bounded
// number a lane, so that neither memory nor the start depends on the number of accounts. A lane is
// whom a refresh burdens: a platform, and the account's own server where it has one. Lanes do not wait for
// each other: one whose platform is down keeps its first rows here, remembers where it stopped, and reads on
// from there when it moves again, while the others pass it by.
//
// Tells its owner what to read (`next_reading`), is told what was read and what changes, and hands out what
// is due, of each lane the earliest first, as fast as the lane's breaker and the caps allow. What is handed
// out may be out of date, so whoever takes it looks at the account itself and says at the end what is next.
//
// Pure: no clock, no I/O. Belongs to one thread.
#pragma once

#include "crypto/id.hpp"
#include "server/runtime/clock.hpp"
#include "server/services/refresh/breaker.hpp"
#include "server/services/refresh/timer_wheel.hpp"
#include "storage/tables/refresh_due.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace connectd::server::services::refresh {

class agenda {
  public:
    struct options {
        std::chrono::milliseconds horizon = std::chrono::minutes{10};
        std::size_t lane_limit = 4096; // read of one lane; twice as many where changes come on top
        std::size_t at_once = 256;     // of all lanes together
        breaker::limits lane = {};
    };

    agenda(options chosen, runtime::sys_ms now);

    // A part of refresh_due to be read: rows from the cursor on that are due at `until` or before.
    struct reading {
        std::optional<std::string> cursor;
        runtime::sys_ms until{};
        std::optional<std::string> lane; // what is read is for this lane only
    };
    // What to read now, or nothing when there is enough here. What could not be read is asked for again.
    std::optional<reading> next_reading(runtime::sys_ms now);
    void read(reading const& what, storage::listing<storage::refresh_due> const& page);

    // A row was written: by another thread, or by a refresh that nobody took from here.
    void changed(storage::refresh_due row);

    // The next row to be worked on, if any may be now. It counts as under way until `finished`.
    std::optional<storage::refresh_due> take(runtime::sys_ms now);

    // How work ended, as far as the lane is concerned.
    enum class ending {
        answered, // the platform answered
        failed,   // it did not
        neither,  // it was not asked
    };
    // `next` is the account's row from now on; `not_before` keeps it from being handed out earlier although
    // the row is due.
    void finished(crypto::account_id account, ending how, std::optional<storage::refresh_due> next,
                  runtime::sys_ms now, std::optional<runtime::sys_ms> not_before = std::nullopt);

    // The platform answered, or did not, when it was asked for somebody else's sake.
    void heard(storage::refresh_due const& row, ending how, runtime::sys_ms now);

    // Time has gone back: forgets what is not under way and reads again.
    void restart(runtime::sys_ms now);

    // Up to where refresh_due has been or is being read: rows due later need not be told to `changed`.
    runtime::sys_ms read_until() const noexcept { return read_until_; }

    struct figures {
        std::size_t waiting = 0; // in the wheel
        std::size_t ready = 0;   // due, waiting for their turn
        std::size_t taken = 0;
    };
    figures count() const noexcept;
    // The lanes that are cut off at the moment, by platform.
    std::map<std::string, std::size_t> open_breakers() const;

  private:
    struct lane {
        explicit lane(breaker::limits chosen) : line{chosen} {}

        breaker line;
        std::set<std::pair<runtime::sys_ms, timer_wheel::item>> ready;
        std::size_t entries = 0; // here in any state
        std::size_t taken = 0;
        std::optional<std::string> stopped_at; // rows from this key on are not all here
    };
    using lanes = std::map<std::string, lane, std::less<>>;

    enum class state { waiting, ready, taken };
    struct place {
        storage::refresh_due row;
        lanes::iterator of;
        state is = state::waiting;
        std::optional<storage::refresh_due> news; // came while it was taken
    };

    static std::string lane_name(storage::refresh_due const& row);
    lanes::iterator lane_of(storage::refresh_due const& row);
    void read_lane(reading const& what, storage::listing<storage::refresh_due> const& page);
    std::optional<std::string> frontier() const;
    // What is told is urgent more often than what is read, so it finds room where reading has stopped.
    std::size_t most_told() const noexcept { return 2 * options_.lane_limit; }
    void admit(storage::refresh_due row, std::size_t most,
               std::optional<runtime::sys_ms> not_before = std::nullopt);
    void insert(storage::refresh_due row, lanes::iterator of, runtime::sys_ms when);
    void remove(timer_wheel::item which);
    void release_lane(lanes::iterator which);
    static void tell(lane& of, ending how, runtime::sys_ms now);

    options options_;
    timer_wheel wheel_;
    lanes lanes_;
    std::vector<std::optional<place>> places_;
    std::vector<timer_wheel::item> free_;
    std::unordered_map<crypto::account_id, timer_wheel::item> by_account_;
    std::string frontier_; // every row before this key has been read
    runtime::sys_ms read_until_;
    std::size_t ready_ = 0;
    std::size_t taken_ = 0;
};

} // namespace connectd::server::services::refresh
