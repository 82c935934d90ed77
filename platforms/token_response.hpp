// Reads what token endpoints really answer: successes with odd types, errors with status 200, HTML, nothing
// at all. Functions only; callable from any thread. Platform text in failures is bounded and stripped, and
// still untrusted.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "platforms/http/client.hpp"
#include "platforms/token_set.hpp"

namespace connectd::platforms {

// The tokens of an answer to an exchange or a refresh. Success is a 2xx status and a non-empty access token
// where the descriptor says; lifetimes may be numbers or strings, scopes a string or an array, unknown
// members are ignored. Errors: by the descriptor's error table and the defaults of error_table.hpp. A 2xx
// answer that breaks off or is not JSON although it began as an object is verdict::unknown_outcome, because
// the platform may have issued tokens with it.
outcome<token_set> parse_token_response(descriptor const& platform, call_kind call,
                                        http::response const& answer);

} // namespace connectd::platforms
