#include "tools/sandbox/x/problem.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace connectd::sandbox::x {
namespace {

constexpr auto problem_type = "application/problem+json; charset=utf-8";

std::string_view title_of(unsigned status) {
    switch (status) {
    case 400:
        return "Invalid Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 415:
        return "Unsupported Media Type";
    case 429:
        return "Too Many Requests";
    case 500:
        return "Internal Server Error";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    default:
        return "Error";
    }
}

} // namespace

reply problem(unsigned status, std::string_view title, std::string_view detail, std::string_view type) {
    return json_reply(
        status, boost::json::object{{"title", title}, {"type", type}, {"status", status}, {"detail", detail}},
        problem_type);
}

reply plain_problem(unsigned status) {
    return problem(status, title_of(status), title_of(status));
}

reply invalid_parameter(std::string_view parameter, std::string_view value, std::string_view message) {
    boost::json::object const parameters{{parameter, boost::json::array{value}}};
    boost::json::array const errors{boost::json::object{{"parameters", parameters}, {"message", message}}};
    return json_reply(400,
                      boost::json::object{{"errors", errors},
                                          {"title", "Invalid Request"},
                                          {"detail", "One or more parameters to your request was invalid."},
                                          {"type", "https://api.twitter.com/2/problems/invalid-request"}},
                      problem_type);
}

} // namespace connectd::sandbox::x
