// One line of the route table: what a request must look like, who may send it, and what answers it.
#pragma once

#include "server/api/authenticate.hpp"
#include "server/api/context.hpp"
#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/http/router.hpp"
#include "server/runtime/task.hpp"
#include "server/services/api_keys.hpp"

#include <string_view>

namespace connectd::server::api {

// A request on its way through a handler. Everything in it outlives the handler's coroutine.
struct call {
    context& with;
    services::principal const& who;
    http::request& asked;

    services::all& services() const noexcept { return with.services; }
    crypto::workspace_id workspace() const noexcept { return who.workspace; }
};

using action = runtime::task<http::response> (*)(call);

struct route {
    std::string_view method; // "*": any
    std::string_view pattern;
    access needs;
    std::string_view scope; // of a workspace's key
    action run;
    // What the audit log calls it, "noun.verb"; empty for what changes nothing, and for what writes its
    // entry itself.
    std::string_view audited = {};
    http::bodies taken = http::bodies::whole;
    std::string_view feature = {}; // of the workspace's plan, where the whole route depends on one
};

} // namespace connectd::server::api
