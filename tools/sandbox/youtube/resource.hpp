// A request that reads or writes resources of the API: the `part` parameter, which names what is meant, and
// the JSON body, which may hold no other parts. Pure functions, any thread.
#pragma once

#include "tools/sandbox/form.hpp"
#include "tools/sandbox/message.hpp"

#include <boost/json/object.hpp>

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace connectd::sandbox::youtube {

struct resource {
    form query;
    std::vector<std::string> parts; // each one of those known
    boost::json::object body{};

    bool has(std::string_view part) const;
};

// Or the refusal.
using resource_reading = std::variant<resource, reply>;

resource_reading read_query(call const& request, std::span<std::string_view const> known);
resource_reading read_resource(call const& request, std::span<std::string_view const> known);

// "private" when the body names no privacy; nothing when it names one that does not exist.
std::optional<std::string> privacy_of(boost::json::object const& body, std::string_view otherwise);

// Whether a title or description has the characters that YouTube allows, and no more of them.
bool is_plain(std::string_view text, std::size_t longest);

} // namespace connectd::sandbox::youtube
