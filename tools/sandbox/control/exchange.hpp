// One exchange with the control API, as its routes see it, and the answers they give. Values and pure
// functions, any thread.
#pragma once

#include "server/http/json.hpp"
#include "tools/sandbox/control/parts.hpp"
#include "tools/sandbox/control/route.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace connectd::sandbox::control {

struct exchange {
    call const& request;
    std::vector<std::string> arguments; // what the braces of the route's path stand for
    parts& controlled;
    sys_ms now;
};

// The tables of the files beside this one.
std::span<route const> sandbox_routes();
std::span<route const> people_routes();
std::span<route const> fault_routes();
std::span<route const> oauth_routes();

// These and those of the platforms, in the order in which a path is looked for.
std::vector<std::span<route const>> all_routes(parts const& controlled);

reply refused(unsigned status, std::string_view problem);
reply refused(server::http::body_errors const& problems);
reply listed(boost::json::array items);
reply done(boost::json::object body);

// A number of the query such as limit or after; its default when it is absent or none.
std::uint64_t number_in_query(exchange const& with, std::string_view name, std::uint64_t otherwise);
std::string text_in_query(exchange const& with, std::string_view name);

// The body, strictly, or its refusal. An empty body stands for an empty object.
template <class T>
std::variant<T, reply> read_body(exchange const& with) {
    auto decoded = server::http::decode_json<T>(with.request.body.empty() ? "{}" : with.request.body);
    if (!decoded)
        return refused(decoded.error());
    return std::move(*decoded);
}

} // namespace connectd::sandbox::control
