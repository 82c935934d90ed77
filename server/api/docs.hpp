// The reference of this API for people: Swagger UI over /openapi.json, carried inside the binary. The page
// may load nothing from elsewhere and send nothing elsewhere; its policy says so to the browser.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

// GET /docs.
runtime::task<http::response> show_docs(call of);

// GET /docs/{file}: what the page consists of. The renderer is always compressed with gzip, as every browser
// takes it.
runtime::task<http::response> docs_file(call of);

} // namespace connectd::server::api
