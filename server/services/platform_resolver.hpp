// A platform as it is for one session, app or account: at the server that the user or the app names, and
// spoken to as the app asks for.
//
// One object per I/O thread; holds references only, see services.hpp.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "platforms/http/client.hpp"
#include "server/runtime/clock.hpp"
#include "server/runtime/task.hpp"
#include "server/services/discovery_cache.hpp"
#include "server/services/error.hpp"
#include "server/services/settings.hpp"

#include <string>

namespace connectd::server::services {

struct platform_place {
    std::string instance{}; // the origin or issuer; empty where the platform is one server
    std::string pkce{};     // in the platforms' words; empty: as the platform says
};

class platform_resolver {
  public:
    platform_resolver(discovery_cache& known, platforms::http::client& client, runtime::clock const& clock,
                      settings const& chosen) noexcept
        : known_{known}, client_{client}, clock_{clock}, settings_{chosen} {}

    // Asks an issuer for its metadata when that is not known or an hour old; an issuer that does not answer
    // is taken at its word of before. The title names the server. `platform` is of the catalog. Errors: those
    // of platforms::discover.
    runtime::task<platforms::outcome<shared_platform>> resolve(platforms::descriptor const& platform,
                                                               platform_place at);

  private:
    runtime::task<platforms::outcome<shared_platform>> discover(platforms::descriptor const& platform,
                                                                std::string issuer);

    discovery_cache& known_;
    platforms::http::client& client_;
    runtime::clock const& clock_;
    settings const& settings_;
};

// What went wrong at a server that somebody has just named, for people. The code is field_invalid where the
// name is to blame, and else says what to expect.
failure describe_server_failure(platforms::failure const& cause, std::string const& server);

// The same where the server was good once: nobody's input is to blame.
failure unreachable_server(platforms::failure const& cause, std::string const& server);

} // namespace connectd::server::services
