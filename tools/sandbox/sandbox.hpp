// The sandbox as a whole: the pretend platforms, each at its own port, and the control API at a third.
// Programs and tests hold one of these; several may live in one process.
//
//     sandbox pretend{{}};
//     use(pretend.x_url(), pretend.bluesky_url());
//     pretend.clock().advance(std::chrono::hours{2});
//
// Threads: it runs threads of its own from construction to `stop`. Everything it hands out may be used from
// any thread.
#pragma once

#include "tools/sandbox/bluesky/bluesky_platform.hpp"
#include "tools/sandbox/clock.hpp"
#include "tools/sandbox/control/control_api.hpp"
#include "tools/sandbox/faults.hpp"
#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/wire/worker.hpp"
#include "tools/sandbox/x/x_platform.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace connectd::sandbox {

struct sandbox_options {
    std::string address = "127.0.0.1";
    std::uint16_t x_port = 0; // 0: a free one
    std::uint16_t bluesky_port = 0;
    std::uint16_t control_port = 0;
    unsigned threads = 1;
    std::chrono::milliseconds latency{0}; // of every answer of a platform
    std::string auto_approve{};           // a person ("fresh" too): consent is given without a page
    std::vector<std::string>
        redirect_uris{}; // of the app that is there from the start; empty: connectd's defaults
    bool enforce_rate_limits = true;
    std::size_t journal_size = 2000; // requests and events kept; 0 keeps none
    std::size_t most_grants = 200'000;
};

class sandbox {
  public:
    // Binds and starts. Throws system_error when a port is taken or the address is none.
    explicit sandbox(sandbox_options const& options);
    sandbox(sandbox const&) = delete;
    sandbox& operator=(sandbox const&) = delete;
    ~sandbox();

    // Closes every connection and ends the threads. Does nothing the second time.
    void stop();

    std::string const& x_url() const { return urls_[0]; }
    std::string const& bluesky_url() const { return urls_[1]; }
    std::string const& control_url() const { return urls_[2]; }

    // The lines of connectd's configuration that make it talk to this sandbox.
    std::string config_snippet() const;

    sandbox_clock& clock() { return clock_; }
    people& persons() { return people_; }
    fault_plan& faults() { return faults_; }
    journal& log() { return journal_; }
    x::x_platform& x() { return *x_; }
    bluesky::bluesky_platform& bluesky() { return *bluesky_; }

    // The app of X that is there from the start.
    static constexpr std::string_view default_client_id = "sandbox-app";
    static constexpr std::string_view default_client_secret = "sandbox-app-secret";
    // And its public sibling, with the same redirect URIs.
    static constexpr std::string_view public_client_id = "sandbox-native-app";

  private:
    void bind(sandbox_options const& options);
    void register_apps(sandbox_options const& options);

    server::runtime::system_clock real_clock_;
    sandbox_clock clock_{real_clock_};
    people people_;
    fault_plan faults_;
    journal journal_;
    std::array<std::string, 3> urls_; // X, Bluesky, control: in the order of the sockets
    std::unique_ptr<x::x_platform> x_;
    std::unique_ptr<bluesky::bluesky_platform> bluesky_;
    std::unique_ptr<control::control_api> control_;
    std::vector<wire::service> services_;
    std::vector<std::unique_ptr<wire::worker>> workers_; // last: they refer to everything above
};

} // namespace connectd::sandbox
