// One call to a platform: a request sent, and network errors turned into verdicts. Used by connector and the
// quirks.
//
// Belongs to the thread of the client; the client and the descriptor must outlive the call.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "platforms/http/client.hpp"
#include "platforms/task.hpp"
#include "platforms/token_set.hpp"

#include <chrono>

namespace connectd::platforms {

// What a network error means for a call.
//   nothing was sent                     temporary; an URL or header we cannot send: operator fault
//   address_refused at login and         refused: the user's own server is not one we may call
//   registration
//   something was sent                   unknown_outcome for exchange and refresh, which may have spent a
//   code or a token;
//                                        temporary for the rest, which can be repeated
failure network_failure(call_kind call, boost::system::error_code const& error);

// Sends. Any answer is a success here; its body may hold secrets, so give it to wipe_body when it has been
// read.
task<outcome<http::response>> ask(http::client& client, call_kind call, http::request request,
                                  deadline until);

// As `ask`, where the answer holds tokens (token_response.hpp).
task<outcome<token_set>> ask_for_tokens(http::client& client, descriptor const& platform, call_kind call,
                                        http::request request, deadline until);

void wipe_body(http::response& answer) noexcept;

// Waits before asking again. False, at once, where the deadline comes first: then there is no time for an
// answer either; and when the caller is cancelled.
task<bool> pause(std::chrono::seconds how_long, deadline until);

} // namespace connectd::platforms
