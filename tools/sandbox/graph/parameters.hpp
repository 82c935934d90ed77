// The parameters of a call to one of Meta's APIs: from the query, and from a body that is a form, multipart
// or, where that is taken, a JSON object. A name in the body goes before the same name in the query.
//
// Pure function, any thread.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/message.hpp"

#include <optional>

namespace connectd::sandbox::graph {

struct sources {
    bool query = true;
    bool json = true;
};

// Nothing when a part of it is malformed. A body of another type has no parameters; members of a JSON object
// that are not text are taken as their JSON text.
std::optional<form> read_parameters(call const& request, sources taken = {});

} // namespace connectd::sandbox::graph
