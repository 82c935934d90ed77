// A row of the control API's tables. Values; any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <string_view>

namespace connectd::sandbox::control {

struct exchange; // control/exchange.hpp

using handler = reply (*)(exchange const&);

struct route {
    std::string_view method;
    std::string_view path; // a part in braces stands for anything but a slash
    handler run;
};

} // namespace connectd::sandbox::control
