// What the control API shows of the pretend Bluesky: its sessions and records.
#include "tools/sandbox/bluesky/bluesky_platform.hpp"
#include "tools/sandbox/control/exchange.hpp"
#include "tools/sandbox/time_text.hpp"

#include <array>

namespace connectd::sandbox::bluesky {
namespace {

using control::exchange;
using control::listed;
using control::number_in_query;

reply list_sessions(exchange const& with) {
    boost::json::array items;
    for (auto const& each : with.controlled.get<bluesky_platform>().sessions().list(
             number_in_query(with, "limit", 100), with.now))
        items.push_back(boost::json::object{{"refresh_id", each.refresh_id},
                                            {"state", each.state},
                                            {"did", each.from.did},
                                            {"app_password", each.from.app_password},
                                            {"scope", each.from.scope},
                                            {"successor", each.successor},
                                            {"issued_at", format_time(each.issued_at)},
                                            {"expires_at", format_time(each.expires_at)}});
    return listed(std::move(items));
}

reply list_records(exchange const& with) {
    boost::json::array items;
    for (auto const& each :
         with.controlled.get<bluesky_platform>().records().list(number_in_query(with, "limit", 100)))
        items.push_back(boost::json::object{{"uri", each.uri},
                                            {"cid", each.cid},
                                            {"record", each.content},
                                            {"created_at", format_time(each.created_at)}});
    return listed(std::move(items));
}

} // namespace

std::span<control::route const> bluesky_platform::control_routes() const {
    static constexpr std::array<control::route, 2> table{{
        {"GET", "/bluesky/sessions", list_sessions},
        {"GET", "/bluesky/records", list_records},
    }};
    return table;
}

} // namespace connectd::sandbox::bluesky
