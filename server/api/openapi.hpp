// The contract of this API, openapi.yaml, as a program reads it.
#pragma once

#include "server/api/route.hpp"

#include <string_view>

namespace connectd::server::api {

// The whole document as JSON. A constant.
std::string_view openapi_document() noexcept;

// GET /openapi.json. With an ETag, so that a client that has it need not read it again.
runtime::task<http::response> openapi(call of);

} // namespace connectd::server::api
