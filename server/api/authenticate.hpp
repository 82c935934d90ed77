// Who asks, and whether they may: the API key of a request against what a route needs.
#pragma once

#include "server/api/context.hpp"
#include "server/http/request.hpp"
#include "server/runtime/task.hpp"
#include "server/services/access.hpp"
#include "server/services/api_keys.hpp"
#include "server/services/error.hpp"

#include <string_view>

namespace connectd::server::api {

using services::access;

// The key of `Authorization: Bearer`, `x-api-key` or `x-access-key`, in this order. The view lives as long as
// the request. Empty when there is none.
std::string_view presented_key(http::request const& asked) noexcept;

// Errors: api_key_missing, api_key_malformed, api_key_unknown, api_key_revoked, api_key_expired,
// scope_missing, root_key_required, workspace_key_required. For an open route the answer is a principal of
// nobody.
runtime::task<services::outcome<services::principal>> authenticate(context& with, http::request const& asked,
                                                                   access needed, std::string_view scope);

} // namespace connectd::server::api
