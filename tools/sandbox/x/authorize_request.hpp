// A request for authorization that was found right. A value.
#pragma once

#include "tools/sandbox/x/apps.hpp"
#include "tools/sandbox/x/scopes.hpp"

#include <memory>
#include <string>

namespace connectd::sandbox::x {

struct authorize_request {
    std::shared_ptr<app const> client;
    std::string redirect_uri;
    scope_set scopes;
    std::string state;
    std::string challenge;
    bool s256 = true;
};

} // namespace connectd::sandbox::x
