// The sandbox as a whole: the pretend platforms, each at a port of its own, and the control API at one more.
// Programs and tests hold one of these; several may live in one process.
//
//     sandbox pretend{{}};
//     use(pretend.url("x"), pretend.url("bluesky"));
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
#include "tools/sandbox/platforms.hpp"
#include "tools/sandbox/wire/worker.hpp"
#include "tools/sandbox/x/x_platform.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace connectd::sandbox {

struct sandbox_options {
    std::string address = "127.0.0.1";
    std::vector<std::string> only{}; // names of the platforms to pretend; empty: all
    std::map<std::string, std::uint16_t, std::less<>> ports{}; // by name, "control" too; others are free ones
    unsigned threads = 1;
    std::chrono::milliseconds latency{0}; // of every answer of a platform
    std::string auto_approve{};           // a person ("fresh" too): consent is given without a page
    std::vector<std::string>
        redirect_uris{}; // of the apps that are there from the start; empty: connectd's defaults
    bool enforce_rate_limits = true;
    std::size_t journal_size = 2000; // requests and events kept; 0 keeps none
    std::size_t most_grants = 200'000;
};

class sandbox {
  public:
    // Binds and starts. Throws system_error when a port is taken or the address is none, invalid_argument for
    // a platform that does not exist.
    explicit sandbox(sandbox_options const& options);
    sandbox(sandbox const&) = delete;
    sandbox& operator=(sandbox const&) = delete;
    ~sandbox();

    // Closes every connection and ends the threads. Does nothing the second time.
    void stop();

    // Where a platform is reached, or "control". Requires: this sandbox pretends it.
    std::string const& url(std::string_view name) const;
    std::string const& x_url() const { return url("x"); }
    std::string const& bluesky_url() const { return url("bluesky"); }
    std::string const& control_url() const { return url("control"); }

    // The lines of connectd's configuration that make it talk to this sandbox.
    std::string config_snippet() const;

    sandbox_clock& clock() { return clock_; }
    people& persons() { return people_; }
    fault_plan& faults() { return faults_; }
    journal& log() { return journal_; }

    std::vector<std::unique_ptr<platform>> const& platforms() const { return platforms_; }
    // The platform of that class. Requires: this sandbox pretends it.
    template <class Platform>
    Platform& get() {
        return control_->controlled().get<Platform>();
    }
    x::x_platform& x() { return get<x::x_platform>(); }
    bluesky::bluesky_platform& bluesky() { return get<bluesky::bluesky_platform>(); }

    // The app that is there from the start wherever there is OAuth, and its public sibling at X.
    static constexpr std::string_view default_client_id = oauth::first_client_id;
    static constexpr std::string_view default_client_secret = oauth::first_client_secret;
    static constexpr std::string_view public_client_id = oauth::first_public_client_id;

  private:
    void bind(std::vector<std::string_view> const& names, sandbox_options const& options);
    void make_platforms(std::vector<known_platform> const& chosen, sandbox_options const& options);
    void register_apps(oauth::oauth_platform& at, sandbox_options const& options);

    server::runtime::system_clock real_clock_;
    sandbox_clock clock_{real_clock_};
    people people_;
    fault_plan faults_;
    journal journal_;
    std::map<std::string, std::string, std::less<>> urls_; // by name, "control" too
    std::vector<std::unique_ptr<platform>> platforms_;
    std::unique_ptr<control::control_api> control_;
    std::vector<wire::service> services_; // of the platforms and the control API, in the order of the sockets
    std::vector<std::unique_ptr<wire::worker>> workers_; // last: they refer to everything above
};

} // namespace connectd::sandbox
