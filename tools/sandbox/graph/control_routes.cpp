#include "tools/sandbox/graph/control_routes.hpp"

#include "tools/sandbox/control/exchange.hpp"
#include "tools/sandbox/graph/graph_platform.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>

namespace connectd::sandbox::graph {
namespace {

using control::exchange;
using control::refused;

// The platform that the path begins with. Requires: a route of one of these platforms.
graph_platform& named(exchange const& with) {
    auto* const found = with.controlled.find(segments(with.request.path).front());
    return dynamic_cast<graph_platform&>(*found);
}

struct trouble_body {
    int code = 0;
    std::optional<int> subcode;
    std::optional<std::string> person, object, endpoint;
    std::optional<std::uint32_t> status;
    std::optional<std::string> message, user_title, user_message;
    std::optional<bool> transient;
    std::optional<std::uint64_t> times;
};
BOOST_DESCRIBE_STRUCT(trouble_body, (),
                      (code, subcode, person, object, endpoint, status, message, user_title, user_message,
                       transient, times))

std::string problem_of(trouble_body const& wanted, exchange const& with) {
    auto const endpoints = named(with).endpoints();
    auto const endpoint = wanted.endpoint.value_or("");
    if (!endpoint.empty() && std::ranges::find(endpoints, endpoint) == endpoints.end())
        return "endpoint is none of this platform";
    auto const person = wanted.person.value_or("");
    if (!person.empty() && (person == "fresh" || !with.controlled.persons.find(person)))
        return "person is nobody the sandbox knows";
    if (wanted.status && (*wanted.status < 400 || *wanted.status > 599))
        return "status must be 400 to 599";
    return wanted.times == std::uint64_t{0} ? "times must be at least 1" : "";
}

boost::json::object show(troubles::entry const& each) {
    auto const& error = each.scripted.error;
    boost::json::object item{{"id", each.id},
                             {"code", error.code},
                             {"subcode", error.subcode},
                             {"status", error.status},
                             {"message", error.message},
                             {"person", each.scripted.person},
                             {"object", each.scripted.object},
                             {"endpoint", each.scripted.endpoint},
                             {"hits", each.hits}};
    item["times"] =
        each.scripted.times ? boost::json::value(*each.scripted.times) : boost::json::value(nullptr);
    return item;
}

} // namespace

reply add_trouble(exchange const& with) {
    auto const body = control::read_body<trouble_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<trouble_body>(body);
    if (auto const problem = problem_of(wanted, with); !problem.empty())
        return refused(400, problem);
    trouble scripted{wanted.person.value_or(""), wanted.object.value_or(""), wanted.endpoint.value_or(""),
                     known_error(wanted.code, wanted.subcode.value_or(0)), wanted.times};
    auto& error = scripted.error;
    error.message = wanted.message.value_or(error.message);
    error.user_title = wanted.user_title.value_or(error.user_title);
    error.user_message = wanted.user_message.value_or(error.user_message);
    error.status = wanted.status.value_or(error.status);
    error.transient = wanted.transient.value_or(error.transient);
    return json_reply(201, boost::json::object{{"id", named(with).scripted().add(std::move(scripted))}});
}

reply list_troubles(exchange const& with) {
    boost::json::array items;
    for (auto const& each : named(with).scripted().list())
        items.push_back(show(each));
    return control::listed(std::move(items));
}

reply clear_troubles(exchange const& with) {
    named(with).scripted().clear();
    return control::done({});
}

reply clear_trouble(exchange const& with) {
    auto const& text = with.arguments.front();
    bool const number = text.size() < 19 && text.find_first_not_of("0123456789") == std::string::npos;
    return number && named(with).scripted().clear(std::stoull(text))
               ? control::done({})
               : refused(404, "there is no such trouble");
}

} // namespace connectd::sandbox::graph
