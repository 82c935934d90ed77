// The accounts that one grant reaches, as a platform lists them page by page. No I/O (candidate_list.hpp
// asks); callable from any thread.
#pragma once

#include "platforms/connected.hpp"
#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "platforms/http/client.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace connectd::platforms {

// Where a list is cut off: whoever has more than this cannot choose from it anyway.
constexpr std::size_t most_candidate_pages = 20;
constexpr std::size_t most_candidates = 500;

struct candidate_page {
    std::vector<candidate> found; // those that can be connected, in the platform's order
    std::string next; // URL of the next page, empty on the last; may carry a token: never to be logged
};

// Reads a page. An entry without a usable id, without the token that the descriptor asks for, or whose list
// of rights lacks the required one is passed over; without a list of rights it counts. A candidate without a
// name is shown by its id. Errors: by the descriptor's error table; a success without a list is
// errc::malformed_answer.
outcome<candidate_page> parse_candidates(descriptor const& platform, http::response const& answer);

// Asks for the page `next` of the list that began with `first`. The token goes along unless the URL carries
// it already, as Meta's do. Errors: errc::malformed_answer (temporary) for a URL on another origin: it would
// get the token.
outcome<http::request> next_candidates_request(http::request const& first, std::string_view next,
                                               crypto::secret const& access_token);

} // namespace connectd::platforms
