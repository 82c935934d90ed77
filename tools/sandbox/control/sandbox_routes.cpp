// The routes about the sandbox itself: what there is, the clock, what arrived and happened, limits, and a
// fresh start.
#include "tools/sandbox/control/exchange.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::control {
namespace {

reply index(exchange const& with) {
    boost::json::array routes;
    for (auto const& table : all_routes(with.controlled)) {
        for (auto const& each : table)
            routes.push_back(boost::json::value(std::string{each.method} + " " + std::string{each.path}));
    }
    boost::json::object body;
    for (auto const& [name, url] : with.controlled.urls)
        body[name + "_url"] = url;
    body["now"] = format_time(with.now);
    body["routes"] = std::move(routes);
    return done(std::move(body));
}

reply show_clock(exchange const& with) {
    auto const& clock = with.controlled.clock;
    return done({{"now", format_time(clock.now())}, {"offset_ms", clock.offset().count()}});
}

struct clock_body {
    std::optional<std::int64_t> advance_s;
    std::optional<std::int64_t> advance_ms;
    std::optional<std::string> set;
};
BOOST_DESCRIBE_STRUCT(clock_body, (), (advance_s, advance_ms, set))

reply move_clock(exchange const& with) {
    auto const body = read_body<clock_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<clock_body>(body);
    if (wanted.advance_s.has_value() + wanted.advance_ms.has_value() + wanted.set.has_value() != 1)
        return refused(400, "give one of advance_s, advance_ms and set");
    auto& clock = with.controlled.clock;
    bool moved = false;
    if (wanted.set) {
        auto const time = parse_time(*wanted.set);
        if (!time)
            return refused(400, "set must be a time such as 2026-09-01T07:00:00Z");
        moved = clock.move_to(*time);
    } else {
        constexpr std::int64_t most_seconds = std::int64_t{200} * 366 * 86'400;
        if (wanted.advance_s.value_or(0) > most_seconds)
            return refused(400, "the clock goes a hundred years ahead at most");
        moved = clock.advance(std::chrono::milliseconds{wanted.advance_s ? *wanted.advance_s * 1000
                                                                         : wanted.advance_ms.value_or(0)});
    }
    return moved ? show_clock(with) : refused(400, "the clock goes ahead only, and a hundred years at most");
}

reply list_requests(exchange const& with) {
    auto const platform = text_in_query(with, "platform");
    auto const endpoint = text_in_query(with, "endpoint");
    boost::json::array items;
    for (auto const& each : with.controlled.log.requests(number_in_query(with, "after", 0),
                                                         number_in_query(with, "limit", 100'000))) {
        if ((!platform.empty() && each.platform != platform) ||
            (!endpoint.empty() && each.endpoint != endpoint))
            continue;
        items.push_back(boost::json::object{{"sequence", each.sequence},
                                            {"at", format_time(each.at)},
                                            {"platform", each.platform},
                                            {"endpoint", each.endpoint},
                                            {"head", each.head},
                                            {"body", each.body},
                                            {"body_size", each.body_size},
                                            {"status", each.status},
                                            {"fault", each.fault}});
    }
    return listed(std::move(items));
}

reply list_events(exchange const& with) {
    boost::json::array items;
    for (auto const& each : with.controlled.log.events(number_in_query(with, "after", 0),
                                                       number_in_query(with, "limit", 100'000)))
        items.push_back(boost::json::object{{"sequence", each.sequence},
                                            {"at", format_time(each.at)},
                                            {"platform", each.platform},
                                            {"kind", each.kind},
                                            {"subject", each.subject},
                                            {"grant", each.grant}});
    return listed(std::move(items));
}

struct limits_body {
    bool enforced;
};
BOOST_DESCRIBE_STRUCT(limits_body, (), (enforced))

reply show_limits(exchange const& with) {
    return done({{"enforced", with.controlled.platforms.front()->limits().enforced()}});
}

reply set_limits(exchange const& with) {
    auto const body = read_body<limits_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const on = std::get<limits_body>(body).enforced;
    for (auto* const each : with.controlled.platforms)
        each->limits().enforce(on);
    return show_limits(with);
}

platform* named(exchange const& with) {
    return with.controlled.find(with.arguments.front());
}

reply show_switches(exchange const& with) {
    auto* const at = named(with);
    if (at == nullptr)
        return refused(404, "there is no platform of that name");
    auto const known = at->switch_names();
    auto const on = at->switches().list();
    return done({{"on", boost::json::array(on.begin(), on.end())},
                 {"known", boost::json::array(known.begin(), known.end())}});
}

struct switches_body {
    std::vector<std::string> on;
};
BOOST_DESCRIBE_STRUCT(switches_body, (), (on))

reply set_switches(exchange const& with) {
    auto* const at = named(with);
    if (at == nullptr)
        return refused(404, "there is no platform of that name");
    auto body = read_body<switches_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto& wanted = std::get<switches_body>(body).on;
    auto const known = at->switch_names();
    for (auto const& each : wanted) {
        if (std::ranges::find(known, each) == known.end())
            return refused(400, "on holds a switch that this platform does not have: " + each);
    }
    at->switches().set(std::move(wanted));
    return show_switches(with);
}

// Forgets what was issued, counted, switched and scripted. Apps, people, the clock and the journal stay.
reply reset(exchange const& with) {
    with.controlled.faults.clear();
    for (auto* const each : with.controlled.platforms) {
        each->switches().set({});
        each->reset();
    }
    return done({});
}

} // namespace

std::span<route const> sandbox_routes() {
    static constexpr std::array<route, 10> table{{
        {"GET", "/", index},
        {"GET", "/clock", show_clock},
        {"POST", "/clock", move_clock},
        {"GET", "/requests", list_requests},
        {"GET", "/events", list_events},
        {"GET", "/rate-limits", show_limits},
        {"PUT", "/rate-limits", set_limits},
        {"GET", "/{platform}/switches", show_switches},
        {"PUT", "/{platform}/switches", set_switches},
        {"POST", "/reset", reset},
    }};
    return table;
}

} // namespace connectd::sandbox::control
