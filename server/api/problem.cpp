#include "server/api/problem.hpp"

#include "server/services/refusal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace connectd::server::api {
namespace {

boost::json::array to_json(std::vector<http::field_error> const& errors) {
    boost::json::array list;
    for (auto const& error : errors) {
        list.push_back({{"pointer", error.pointer}, {"code", error.code}, {"message", error.message}});
    }
    return list;
}

std::string_view title_of(unsigned status) {
    return http::reason_phrase(status);
}

} // namespace

problem describe(services::failure const& why) {
    auto refused = services::refusal_of(why);
    problem what{.status = refused.status,
                 .code = std::move(refused.code),
                 .detail = std::move(refused.detail),
                 .errors = {}};
    if (!why.field.empty()) {
        what.errors.push_back({"/" + why.field, what.code, what.detail});
    }
    return what;
}

problem describe(http::body_errors const& found) {
    auto const is = [&](std::string_view code) {
        return std::ranges::any_of(found.errors, [&](auto const& error) { return error.code == code; });
    };
    if (is("invalid_json")) {
        return {400, "invalid_json", found.errors.front().message, found.errors};
    }
    return {422, "body_invalid", "The body has fields that are missing, unknown or of the wrong type.",
            found.errors};
}

http::response to_response(problem const& what, std::string_view request_id) {
    boost::json::object body{{"type", "urn:connectd:problem:" + what.code},
                             {"title", title_of(what.status)},
                             {"status", what.status},
                             {"code", what.code},
                             {"detail", what.detail}};
    if (!request_id.empty()) {
        body["request_id"] = request_id;
    }
    if (!what.errors.empty()) {
        body["errors"] = to_json(what.errors);
    }
    for (auto const& [name, value] : what.facts) {
        body[name] = value;
    }
    auto answer =
        http::response::json_text(what.status, boost::json::serialize(body), "application/problem+json");
    if (what.status == 401) {
        answer.set("WWW-Authenticate", "Bearer realm=\"connectd\"");
    }
    if (what.status == 503) {
        answer.set("Retry-After", "5");
    }
    return answer;
}

http::response http_problem(http::http_error const& error) {
    problem const what{.status = http::status_of(error.kind),
                       .code = std::string{http::name_of(error.kind)},
                       .detail = error.detail,
                       .errors = {}};
    auto answer = to_response(what, error.request_id);
    if (!error.allow.empty()) {
        std::string allow;
        for (auto const& method : error.allow) {
            allow += (allow.empty() ? "" : ", ") + method;
        }
        answer.set("Allow", allow);
    }
    return answer;
}

} // namespace connectd::server::api
