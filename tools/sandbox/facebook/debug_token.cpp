#include "tools/sandbox/facebook/debug_token.hpp"

#include "tools/sandbox/facebook/scopes.hpp"
#include "tools/sandbox/facebook/token_endpoint.hpp"
#include "tools/sandbox/facebook/viewer.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace connectd::sandbox::facebook {
namespace {

// After this long without the person the data about them is out of reach, even if the token lives.
constexpr std::chrono::days data_access{90};

boost::json::object data(boost::json::object members) {
    return {{"data", std::move(members)}};
}

// Permissions about pages name those that were picked; without ids they hold for all, and those to come.
boost::json::array granular(oauth::access const& of) {
    boost::json::array list;
    for (auto const& row : scopes().rows_of(of.scopes)) {
        boost::json::object item{{"scope", row.name}};
        if (of.assets && (row.name.starts_with("pages_") || row.name.starts_with("instagram_")))
            item["target_ids"] = boost::json::array(of.assets->begin(), of.assets->end());
        list.push_back(std::move(item));
    }
    return list;
}

boost::json::object living(oauth::access const& of, oauth::app const& client, person const& who, sys_ms now) {
    boost::json::array names;
    for (auto const& row : scopes().rows_of(of.scopes))
        names.push_back(boost::json::value(row.name));
    boost::json::object members{
        {"app_id", client.client_id},
        {"type", of.subject.empty() ? "USER" : "PAGE"},
        {"application", client.name},
        {"data_access_expires_at", unix_seconds(of.consented_at + data_access)},
        {"expires_at", of.expires_in ? unix_seconds(now) + of.expires_in->count() : 0},
        {"is_valid", true},
        {"issued_at", unix_seconds(of.issued_at)},
        {"scopes", std::move(names)},
        {"granular_scopes", granular(of)},
        {"user_id", user_id(client.client_id, who)}};
    if (!of.subject.empty())
        members["profile_id"] = of.subject;
    return members;
}

boost::json::object dead(graph::graph_error const& error) {
    boost::json::object inner{{"code", error.code}, {"message", error.message}};
    if (error.subcode != 0)
        inner["subcode"] = error.subcode;
    return {{"error", std::move(inner)}, {"is_valid", false}, {"scopes", boost::json::array{}}};
}

} // namespace

reply debug_token(graph::graph_call const& asked, oauth::apps const& registered, oauth::grants const& issued,
                  people const& persons, graph::gate const& door) {
    auto const input = std::string{asked.parameters.get("input_token")};
    if (input.empty())
        return door.refuse(graph::bad_parameter("The parameter input_token is required"));
    auto const token = graph::access_token_of(asked.parameters, asked.request);
    auto const viewing = app_of_token(token, registered);
    if (!viewing && token != input)
        return door.refuse(
            graph::bad_parameter("You must provide an app access token, or a user access token "
                                 "that is an owner or developer of the app"));
    auto const found = issued.inspect(input, asked.now);
    if (auto const* const why = std::get_if<oauth::refusal>(&found))
        return json_reply(200, data(dead(graph::dead_token(*why, asked.now))));
    auto const& of = std::get<oauth::access>(found);
    auto const client = registered.find(of.client_id);
    if (!client || (viewing && viewing->client_id != of.client_id))
        return door.refuse(
            graph::bad_parameter("The App_id in the input_token did not match the Viewing App"));
    return json_reply(200, data(living(of, *client, *persons.at(of.person), asked.now)));
}

} // namespace connectd::sandbox::facebook
