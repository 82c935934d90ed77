// Simulated days: people who connect, leave and change their minds, platforms and webhook endpoints that
// fail, a clock that jumps, a process that dies and is started again, and ledgers over all of it. One seed is
// one history.
//
// Time is discrete: nothing happens between two moments that somebody waits for. One thread; for one history
// a seed, a fresh thread and `seed_crypto`.
#pragma once

#include "tests/server/services/support.hpp"
#include "tests/simulation/delivery_ledger.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/ledger.hpp"
#include "tests/simulation/pretend_platforms.hpp"
#include "tests/simulation/process.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::simulation {

// Followed by the number of an endpoint.
inline constexpr std::string_view endpoint_url = "https://hooks.example/";

struct universe_options {
    std::uint64_t seed = 1;
    std::size_t people = 60;
    std::chrono::days length{10};
    std::uint64_t steps_in_a_life = 4000;
    // Defects put in where the program meets the world, to see that the ledger finds them.
    bool ignores_guards = false;
    bool takes_trouble_for_refusal = false;
    bool sends_twice = false;
};

class universe : server::services::testing::world {
  public:
    explicit universe(universe_options chosen);
    ~universe();

    // The whole history: `length` of trouble, then two days of calm, after which nothing may be left undone.
    void run();

    std::vector<std::string> violations() const;
    // What happened, in a line.
    std::string summary() const;
    // A digest of everything that is in the store, to compare histories by.
    std::string digest();

  private:
    using response = platforms::result<platforms::http::response>;
    enum class fault { none, unsent, unread, lost_before, lost_after, gateway, limited, garbled, app };
    struct outage {
        sys_ms down_until{};
        sys_ms refused_until{};
    };

    // One that serves its people's events, away at times, but never for as long as an endpoint may be. Its
    // owner pauses it for a while, resumes what is paused or disabled, and asks for events once more.
    struct endpoint {
        std::string id{};
        sys_ms paused_until{};
        sys_ms gone_until{};
        sys_ms down_until{};
        sys_ms spared_until{};
    };

    server::runtime::task<response> carry(platforms::http::request what, fate& end);
    server::runtime::task<response> refresh(platforms::http::request what);
    server::runtime::task<response> deliver(platforms::http::request what);
    server::runtime::task<void> elapse(milliseconds time);
    fault choose(std::size_t platform);
    response answer(token_name const& spent, fault what);
    static ledger::answer meaning(fault what, response const& said);

    void pass(milliseconds time);
    void live();
    void start();
    sys_ms next_moment() const;
    void happen();
    void do_something(std::size_t person);
    void do_something_with_endpoints();
    bool is_active(endpoint const& one);
    void something_breaks();
    void look_after_disturbances();
    void connect(std::size_t person);
    void open_endpoint(std::vector<std::string> types);
    bool all_is_well() const { return book_.violations().empty() && post_.violations().empty(); }

    universe_options options_;
    dice chance_;
    sys_ms now_ = server::services::testing::start_of_time; // the true time; the program's clock may differ
    milliseconds skew_{0};
    pretend_platforms truth_;
    ledger book_;
    delivery_ledger post_;
    std::vector<outage> outages_;
    std::vector<endpoint> endpoints_;
    server::services::workspace_view owner_;
    std::vector<crypto::credentials_id> apps_; // by platform
    process::surroundings around_;
    std::multimap<sys_ms, std::weak_ptr<server::runtime::timer>> sleepers_;
    std::multimap<sys_ms, std::size_t> meddlers_; // who does something while a call of theirs is under way
    std::unique_ptr<process> process_;
    sys_ms starts_at_{}; // when there is none
    sys_ms next_person_{};
    sys_ms next_trouble_{};
    sys_ms next_owner_{};
    sys_ms next_audit_{};
    bool calm_ = true;
    std::size_t deaths_ = 0;
    std::size_t calls_ = 0; // of platforms
};

} // namespace connectd::simulation
