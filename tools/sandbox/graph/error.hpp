// The error envelope of Meta's Graph APIs, and the errors of which their documents give the code, the subcode
// and the words (autumn 2026). What tells errors apart is the code; neither the type nor the status does.
//
// Values and pure functions; any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace connectd::sandbox::graph {

struct graph_error {
    int code = 0;
    int subcode = 0; // 0: the body has none
    std::string message{};
    unsigned status = 400;
    std::string type = "OAuthException";
    bool transient = false;
    std::string user_title{}, user_message{}; // empty: the body has none
    std::string challenge{};                  // the word of WWW-Authenticate; empty: the code's own
};

// {"error":{"message":...,"type":...,"code":...,"error_subcode":...,"fbtrace_id":...}}, for an OAuthException
// with a WWW-Authenticate header.
reply error_reply(graph_error const& error);

// An error as it is documented. A code that is not gets a message of its own, a subcode that is not the
// message of its code.
graph_error known_error(int code, int subcode = 0);

// (#100) and what is wrong with the parameter.
graph_error bad_parameter(std::string_view what);

// No object of that id, or none that the token may see, or none that does such a thing.
graph_error unsupported(std::string_view method, std::string_view id, std::string_view type);

// Whether it tells that a token is dead, which some report as 400 and some as 401.
bool tells_dead_token(graph_error const& error) noexcept;

// Whether it tells that there were too many calls.
bool tells_throttling(graph_error const& error) noexcept;

} // namespace connectd::sandbox::graph
