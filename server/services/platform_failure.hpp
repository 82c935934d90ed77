// Turns what a platform call failed with into what the person who connects an account, or refreshes it,
// should read. Pure, any thread.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "server/services/error.hpp"

namespace connectd::server::services {

// During which step of a connect the call failed; the same answer means different things.
enum class connect_step { exchange, login, identity, candidates, import };

// The sentence names the platform and what to do next; the platform's own text stays out, because platforms
// echo what they were sent.
failure describe_platform_failure(platforms::failure const& cause, platforms::descriptor const& platform,
                                  connect_step step);

// The same for a refresh that is tried again: every verdict but `refused`.
failure describe_refresh_failure(platforms::failure const& cause, platforms::descriptor const& platform);

// A call through the proxy that the network failed.
failure describe_call_failure(boost::system::error_code const& cause, platforms::descriptor const& platform);

// One line for the operator, without anything that the platform said.
void log_platform_failure(platforms::descriptor const& platform, platforms::failure const& cause);

} // namespace connectd::server::services
