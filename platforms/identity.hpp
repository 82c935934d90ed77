// The public identity of a connected account, read from the platform's answer by the descriptor's pointers.
// Functions only; callable from any thread.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/error.hpp"
#include "platforms/http/client.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace connectd::platforms {

// All text is UTF-8, bounded, without control characters. `id` is never empty; a JSON number keeps its digits
// untouched, however long (several platforms' ids exceed 2^53).
struct identity {
    std::string id;
    std::string username;
    std::string display_name; // the platform's, else the username
    std::string avatar_url;   // http or https, else empty
};

// Where the members of an identity are.
struct identity_places {
    pointers const& id;
    pointers const& username;
    pointers const& display_name;
    pointers const& avatar_url;
};

// The identity that `value` describes, or nothing when it has no id that can be used as a key.
std::optional<identity> identity_in(boost::json::value const& value, identity_places const& places);

// Reads the answer to an identity call. Errors: a failure by the descriptor's error table; a success without
// an id is errc::malformed_answer, temporary, or errc::nothing_to_connect, refused, where the descriptor says
// that it may be absent.
outcome<identity> parse_identity(descriptor const& platform, http::response const& answer);

// `url` when it is a plain http or https URL of reasonable length that can be shown in a page, else an empty
// text.
std::string usable_avatar_url(std::string_view url);

} // namespace connectd::platforms
