// What every request of a dialect goes through around its handler, as the native one does in api/dispatch:
// whose key it is, how much of the key's limit is left, whether the request has been answered before, and the
// audit log; told in the vendor's words.
#pragma once

#include "server/dialects/dialect.hpp"

namespace connectd::server::dialects {

// `with`, `of` and `line` outlive the thread's router, `asked` the coroutine.
runtime::task<http::response> dispatch(context& with, dialect const& of, route const& line,
                                       http::request& asked);

} // namespace connectd::server::dialects
