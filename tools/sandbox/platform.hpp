// A personality that pretends to be a platform, as the sandbox and its control API see it: what they start,
// list, limit, look into and reset.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/control/route.hpp"
#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/people.hpp"
#include "tools/sandbox/personality.hpp"
#include "tools/sandbox/rate_limits.hpp"
#include "tools/sandbox/switches.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::sandbox {

namespace oauth {
class oauth_platform;
}

// What every platform is made from. Requires: both references outlive the platform.
struct platform_parts {
    people& persons;
    journal& events;
    std::string url;          // where it is reached
    std::string auto_approve; // a person's name, or empty
    std::size_t most_grants = 200'000;
};

class platform : public personality {
  public:
    // For people: "X", "LinkedIn".
    virtual std::string_view title() const noexcept = 0;

    // The lines under [platforms.NAME] that make connectd talk to this platform: key and URL.
    using config_lines = std::vector<std::pair<std::string_view, std::string>>;
    virtual config_lines configuration() const = 0;

    // All such tables, where connectd knows this platform by more than one name.
    struct config_table {
        std::string_view name;
        config_lines lines;
    };
    virtual std::vector<config_table> configuration_tables() const { return {{name(), configuration()}}; }

    // What only this platform has to control. In static storage.
    virtual std::span<control::route const> control_routes() const { return {}; }

    // What may be special about people here, each name beginning with the platform's. In static storage.
    virtual std::span<std::string_view const> traits() const { return {}; }

    // What it can be told to do in another way. In static storage.
    virtual std::span<std::string_view const> switch_names() const { return {}; }

    // As the person does it in their settings, for one client or for all when `client_id` is empty. Returns
    // how many grants or sessions ended.
    virtual std::size_t end_by_user(person_ref who, std::string_view client_id, sys_ms now) = 0;

    // Forgets what was issued, published and counted. Apps and people stay.
    virtual void reset() = 0;

    // Null for a platform without OAuth.
    virtual oauth::oauth_platform* as_oauth() noexcept { return nullptr; }

    rate_limits& limits() noexcept { return limits_; }
    sandbox::switches& switches() noexcept { return switches_; }

  private:
    rate_limits limits_;
    sandbox::switches switches_;
};

} // namespace connectd::sandbox
