#include "tools/sandbox/graph/graph_platform.hpp"

#include "tools/sandbox/graph/parameters.hpp"
#include "tools/sandbox/html.hpp"

#include <boost/json/object.hpp>

namespace connectd::sandbox::graph {
namespace {

int code_for(unsigned status) {
    switch (status) {
    case 401:
        return 190;
    case 403:
        return 10;
    case 429:
        return 4;
    default:
        return status >= 500 ? 2 : 100;
    }
}

} // namespace

graph_platform::graph_platform(oauth::oauth_rules rules, platform_parts const& parts,
                               std::string_view method_exception, std::string_view use_case,
                               std::string (*account_of)(person const& who))
    : oauth_platform{std::move(rules), parts},
      gate_{{persons(), apps(), grants(), limits(), switches(), method_exception, use_case, account_of}} {}

void graph_platform::reset() {
    oauth_platform::reset();
    scripted().clear();
}

reply graph_platform::error(std::string_view, unsigned status, sys_ms) const {
    auto worded = known_error(code_for(status));
    worded.status = status;
    return error_reply(worded);
}

reply graph_platform::success_without_token(std::string_view endpoint) const {
    bool const tokens = endpoint == "token" || endpoint == "exchange" || endpoint == "refresh";
    return json_reply(200, tokens ? boost::json::object{{"token_type", "bearer"}, {"expires_in", 5'183'944}}
                                  : boost::json::object{});
}

reply graph_platform::picture(call const& request) const {
    auto const name = request.path.substr(picture_folder.size());
    auto const id = name.substr(0, name.find('.'));
    return {200, "image/svg+xml", {}, avatar_svg(id, id)};
}

std::variant<graph_call, reply> graph_platform::read_call(call const& request, std::string_view path,
                                                          sys_ms now) const {
    auto parameters = read_parameters(request);
    if (!parameters)
        return gate_.refuse(bad_parameter("The parameters are malformed"));
    return graph_call{request, endpoint(request), std::move(*parameters), segments(path), now};
}

} // namespace connectd::sandbox::graph
