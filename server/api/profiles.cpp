#include "server/api/profiles.hpp"

#include "server/api/body.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <string>

namespace connectd::server::api {
namespace {

struct profile_body {
    std::string name;
    std::optional<std::string> external_id;
    std::optional<boost::json::object> metadata;
};
BOOST_DESCRIBE_STRUCT(profile_body, (), (name, external_id, metadata))

boost::json::object to_json(services::profile_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"name", shown.name},
            {"external_id", render_text(shown.external_id)},
            {"metadata", render_metadata(shown.metadata)},
            {"created_at", render_time(shown.created_at)},
            {"updated_at", render_time(shown.updated_at)}};
}

} // namespace

runtime::task<http::response> create_profile(call of) {
    auto body = read_body<profile_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const made = co_await of.services().profiles.create(
        of.workspace(),
        {.name = std::move(body->name),
         .external_id = std::move(body->external_id).value_or(std::string{}),
         .metadata = body->metadata ? boost::json::serialize(*body->metadata) : std::string{}});
    if (made.has_error()) {
        co_return refuse(made.error(), of.asked);
    }
    co_return http::response::json(201, to_json(*made));
}

runtime::task<http::response> list_profiles(call of) {
    auto const page = read_page(of.asked, {"external_id"});
    if (page.has_error()) {
        co_return refuse(page.error(), of.asked);
    }
    auto const found =
        co_await of.services().profiles.list(of.workspace(), filter(of.asked, "external_id"), *page);
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    boost::json::array data;
    for (auto const& shown : found->items) {
        data.push_back(to_json(shown));
    }
    co_return list_response(std::move(data), found->next_cursor);
}

runtime::task<http::response> get_profile(call of) {
    auto const found = co_await of.services().profiles.get(of.workspace(), of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return refuse(found.error(), of.asked);
    }
    co_return http::response::json(200, to_json(*found));
}

} // namespace connectd::server::api
