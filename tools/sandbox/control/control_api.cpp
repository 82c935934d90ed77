#include "tools/sandbox/control/control_api.hpp"

#include "tools/sandbox/control/exchange.hpp"
#include "tools/sandbox/form.hpp"

#include <charconv>

namespace connectd::sandbox::control {
namespace {

// The parts in braces, when the path fits the pattern.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    std::vector<std::string> arguments;
    while (true) {
        auto const pattern_end = pattern.find('/', 1);
        auto const path_end = path.find('/', 1);
        auto const wanted = pattern.substr(0, pattern_end);
        auto const got = path.substr(0, path_end);
        if (wanted.starts_with("/{")) {
            auto decoded = percent_decode(got.substr(std::min<std::size_t>(got.size(), 1)), false);
            if (!decoded || decoded->empty())
                return std::nullopt;
            arguments.push_back(std::move(*decoded));
        } else if (wanted != got) {
            return std::nullopt;
        }
        bool const pattern_done = pattern_end == std::string_view::npos;
        bool const path_done = path_end == std::string_view::npos;
        if (pattern_done || path_done)
            return pattern_done && path_done ? std::optional{std::move(arguments)} : std::nullopt;
        pattern.remove_prefix(pattern_end);
        path.remove_prefix(path_end);
    }
}

} // namespace

reply refused(unsigned status, std::string_view problem) {
    return json_reply(status, boost::json::object{{"error", problem}});
}

reply refused(server::http::body_errors const& problems) {
    boost::json::array errors;
    for (auto const& each : problems.errors)
        errors.push_back(
            boost::json::object{{"pointer", each.pointer}, {"code", each.code}, {"message", each.message}});
    return json_reply(400, boost::json::object{{"error", "the body is not right"}, {"errors", errors}});
}

reply listed(boost::json::array items) {
    return json_reply(200, boost::json::object{{"data", std::move(items)}});
}

reply done(boost::json::object body) {
    return json_reply(200, std::move(body));
}

std::string text_in_query(exchange const& with, std::string_view name) {
    auto const query = form::parse(with.request.query);
    return query ? std::string{query->get(name)} : std::string{};
}

std::uint64_t number_in_query(exchange const& with, std::string_view name, std::uint64_t otherwise) {
    auto const text = text_in_query(with, name);
    std::uint64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : otherwise;
}

std::vector<std::span<route const>> all_routes(parts const& controlled) {
    std::vector<std::span<route const>> tables{sandbox_routes(), people_routes(), fault_routes()};
    for (auto const* const each : controlled.platforms)
        tables.push_back(each->control_routes());
    tables.push_back(oauth_routes());
    return tables;
}

std::string_view control_api::endpoint(call const&) const {
    return "control";
}

reply control_api::answer(call const& request, sys_ms now) {
    std::string allowed;
    for (auto const& table : all_routes(parts_)) {
        for (auto const& each : table) {
            auto arguments = match(each.path, request.path);
            if (!arguments)
                continue;
            if (each.method == request.method)
                return each.run({request, std::move(*arguments), parts_, now});
            allowed.append(allowed.empty() ? "" : ", ").append(each.method);
        }
    }
    if (allowed.empty())
        return refused(404, "there is no such thing to control; GET / lists what there is");
    auto answer = refused(405, "this path knows other methods");
    answer.headers.emplace_back("Allow", allowed);
    return answer;
}

reply control_api::error(std::string_view, unsigned status, sys_ms) const {
    return refused(status, "error");
}

reply control_api::success_without_token(std::string_view) const {
    return done({});
}

} // namespace connectd::sandbox::control
