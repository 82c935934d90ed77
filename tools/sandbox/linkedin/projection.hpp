// Rest.li projections and the decoration that LinkedIn deprecates: which fields of an answer are wanted, and
// URNs that are looked up on the way.
//
//     (elements*(organizationalTarget~(localizedName,logoV2(original~:playableStreams))))
//
// Pure functions, any thread.
#pragma once

#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::linkedin {

struct projected {
    std::string name;       // or "*" for all
    bool each = false;      // followed by '*': the children are of the items of an array
    bool decorated = false; // followed by '~': the value is a URN that is looked up
    bool whole = true;      // no parentheses: the value as it is
    std::vector<projected> children;
};

// Nothing when the text is not well formed.
std::optional<std::vector<projected>> parse_projection(std::string_view text);

bool decorates(std::vector<projected> const& wanted);

// What a URN stands for; nothing when it cannot be had.
using lookup = std::function<std::optional<boost::json::object>(std::string_view urn)>;

// The fields wanted. A decorated field `f` gives `f`, the URN, and `f~`, what it stands for.
boost::json::object project(boost::json::object const& from, std::vector<projected> const& wanted,
                            lookup const& find);

} // namespace connectd::sandbox::linkedin
