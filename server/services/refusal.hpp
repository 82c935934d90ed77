// What a caller is told of a failure, before any API gives it a form: the one place where errors get their
// HTTP status. Dialects whose vendor answers otherwise say so themselves.
//
// Pure but for the log: errors of the store, about which the caller learns nothing, are written there.
#pragma once

#include "server/services/error.hpp"

#include <string>

namespace connectd::server::services {

struct refusal {
    unsigned status = 500;
    std::string code; // stable: what programs branch on
    std::string detail;
};

refusal refusal_of(failure const& why);

} // namespace connectd::server::services
