// The routes that script faults.
#include "tools/sandbox/control/exchange.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::control {
namespace {

struct fault_body {
    std::string platform;
    std::optional<std::string> endpoint;
    std::string kind;
    std::optional<std::uint64_t> times;
    std::optional<bool> until_cleared;
    std::optional<std::uint32_t> latency_ms;
    std::optional<bool> after_processing;
    std::optional<std::uint32_t> status;
    std::optional<std::uint32_t> retry_after;
    std::optional<std::string> body;
    std::optional<std::uint64_t> bytes;
    std::optional<std::uint32_t> interval_ms;
};
BOOST_DESCRIBE_STRUCT(fault_body, (),
                      (platform, endpoint, kind, times, until_cleared, latency_ms, after_processing, status,
                       retry_after, body, bytes, interval_ms))

std::string problem_of(fault_body const& wanted, parts const& controlled) {
    constexpr std::uint64_t most_bytes = 4'000'000'000;
    auto const kind = parse_fault_kind(wanted.kind);
    auto const endpoint = wanted.endpoint.value_or("*");
    auto const* const rules = controlled.find(wanted.platform);
    if (rules == nullptr)
        return "platform must be one of " + controlled.names();
    if (endpoint != "*" && std::ranges::find(rules->endpoints(), endpoint) == rules->endpoints().end()) {
        std::string known;
        for (auto const each : rules->endpoints())
            known.append(", ").append(each);
        return "endpoint must be one of *" + known;
    }
    if (!kind)
        return "kind is none that the sandbox knows";
    if (*kind == fault_kind::reset_before_reading && endpoint != "*")
        return "before reading nobody knows the endpoint: it must be *";
    if (wanted.times && wanted.until_cleared.value_or(false))
        return "give times or until_cleared, not both";
    if (wanted.times == std::uint64_t{0})
        return "times must be at least 1";
    if (wanted.status && (*wanted.status < 200 || *wanted.status > 599))
        return "status must be 200 to 599";
    if (wanted.bytes.value_or(0) > most_bytes)
        return "bytes must be 4 000 000 000 at most";
    return {};
}

reply add_fault(exchange const& with) {
    auto const body = read_body<fault_body>(with);
    if (auto const* const refusal = std::get_if<reply>(&body))
        return *refusal;
    auto const& wanted = std::get<fault_body>(body);
    if (auto const problem = problem_of(wanted, with.controlled); !problem.empty())
        return refused(400, problem);

    fault scripted;
    scripted.platform = wanted.platform;
    scripted.endpoint = wanted.endpoint.value_or("*");
    scripted.kind = *parse_fault_kind(wanted.kind);
    if (!wanted.until_cleared.value_or(false))
        scripted.times = wanted.times.value_or(1);
    scripted.latency = std::chrono::milliseconds{wanted.latency_ms.value_or(0)};
    scripted.after_processing = wanted.after_processing.value_or(false);
    scripted.status = wanted.status.value_or(0);
    if (wanted.retry_after)
        scripted.retry_after = std::chrono::seconds{*wanted.retry_after};
    scripted.body = wanted.body;
    scripted.bytes = wanted.bytes.value_or(scripted.bytes);
    scripted.interval = std::chrono::milliseconds{wanted.interval_ms.value_or(100)};
    return json_reply(201, boost::json::object{{"id", with.controlled.faults.add(std::move(scripted))}});
}

reply list_faults(exchange const& with) {
    boost::json::array items;
    for (auto const& each : with.controlled.faults.list()) {
        boost::json::object item{{"id", each.id},
                                 {"platform", each.scripted->platform},
                                 {"endpoint", each.scripted->endpoint},
                                 {"kind", to_string(each.scripted->kind)},
                                 {"hits", each.hits}};
        item["left"] = each.left ? boost::json::value(*each.left) : boost::json::value(nullptr);
        items.push_back(std::move(item));
    }
    return listed(std::move(items));
}

reply clear_faults(exchange const& with) {
    with.controlled.faults.clear();
    return done({});
}

reply clear_fault(exchange const& with) {
    auto const& text = with.arguments.front();
    bool const number = text.size() < 19 && text.find_first_not_of("0123456789") == std::string::npos;
    return number && with.controlled.faults.clear(std::stoull(text)) ? done({})
                                                                     : refused(404, "there is no such fault");
}

} // namespace

std::span<route const> fault_routes() {
    static constexpr std::array<route, 4> table{{
        {"POST", "/faults", add_fault},
        {"GET", "/faults", list_faults},
        {"DELETE", "/faults", clear_faults},
        {"DELETE", "/faults/{id}", clear_fault},
    }};
    return table;
}

} // namespace connectd::sandbox::control
