#include "tools/sandbox/graph/usage.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace connectd::sandbox::graph {
namespace {

// 200 calls an hour for each of the users of a day, of whom every app here has 24; 4800 a day for each
// engaged user, of whom everything here has one.
constexpr rate_limit per_app{400, 4800, std::chrono::seconds{3600}};
constexpr rate_limit per_object{401, 4800, std::chrono::seconds{86'400}};

// Real ones show no headers before "enough" calls.
constexpr std::uint32_t quiet_calls = 10;
constexpr int minutes_to_wait = 17;

boost::json::object shares(std::uint32_t percent) {
    return {{"call_count", percent}, {"total_time", percent}, {"total_cputime", percent}};
}

std::pair<std::string, std::string> announce(usage_subject const& whose, std::uint32_t percent) {
    auto figures = shares(percent);
    if (whose.object.empty())
        return {"X-App-Usage", boost::json::serialize(figures)};
    figures["type"] = whose.use_case;
    figures["estimated_time_to_regain_access"] = percent >= 100 ? minutes_to_wait : 0;
    boost::json::object const all{{whose.object, boost::json::array{std::move(figures)}}};
    return {"X-Business-Use-Case-Usage", boost::json::serialize(all)};
}

graph_error throttling(usage_subject const& whose) {
    if (whose.object.empty())
        return known_error(4);
    return known_error(whose.use_case == "pages" ? 32 : 80002);
}

} // namespace

usage count_call(rate_limits& limits, usage_subject const& whose, sys_ms now) {
    auto const& limit = whose.object.empty() ? per_app : per_object;
    auto const subject = whose.object.empty() ? whose.client_id : whose.object;
    auto const standing = limits.take(limit, subject_of(subject), now);
    auto const calls = standing.limit - standing.remaining;
    if (!standing.allowed)
        return {used_up(whose), throttling(whose)};
    if (calls <= quiet_calls)
        return {};
    return {{announce(whose, calls * 100 / standing.limit)}, std::nullopt};
}

std::vector<std::pair<std::string, std::string>> used_up(usage_subject const& whose) {
    return {announce(whose, 100)};
}

} // namespace connectd::sandbox::graph
