#include "server/api/profiles.hpp"

#include "server/api/body.hpp"
#include "server/api/etag.hpp"
#include "server/api/paging.hpp"
#include "server/api/problem.hpp"
#include "server/api/render.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <string>
#include <utility>

namespace connectd::server::api {
namespace {

struct profile_body {
    std::string name;
    std::optional<std::string> external_id;
    std::optional<boost::json::object> metadata;
};
BOOST_DESCRIBE_STRUCT(profile_body, (), (name, external_id, metadata))

struct profile_changes {
    std::optional<std::string> name;
    std::optional<std::optional<std::string>> external_id;
    std::optional<std::optional<boost::json::object>> metadata;
};
BOOST_DESCRIBE_STRUCT(profile_changes, (), (name, external_id, metadata))

boost::json::object to_json(services::profile_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"name", shown.name},
            {"external_id", render_text(shown.external_id)},
            {"metadata", render_metadata(shown.metadata)},
            {"is_default", shown.is_default},
            {"account_count", shown.accounts},
            {"created_at", render_time(shown.created_at)},
            {"updated_at", render_time(shown.updated_at)}};
}

http::response answer(services::outcome<services::profile_view> const& came, unsigned status,
                      http::request const& asked) {
    return came.has_error() ? refuse(came.error(), asked)
                            : with_etag(http::response::json(status, to_json(*came)), came->version);
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
    co_return answer(made, 201, of.asked);
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
    co_return answer(found, 200, of.asked);
}

runtime::task<http::response> update_profile(call of) {
    auto body = read_body<profile_changes>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    services::profile_changes wanted{.name = std::move(body->name)};
    if (body->external_id) {
        wanted.external_id = std::move(*body->external_id).value_or(std::string{});
    }
    if (body->metadata) {
        wanted.metadata = *body->metadata ? boost::json::serialize(**body->metadata) : std::string{};
    }
    auto const changed = co_await of.services().profiles.update(of.workspace(), of.asked.path_parameter("id"),
                                                                std::move(wanted), *seen);
    co_return answer(changed, 200, of.asked);
}

runtime::task<http::response> delete_profile(call of) {
    auto const force = read_flag(of.asked, "force");
    if (force.has_error()) {
        co_return refuse(force.error(), of.asked);
    }
    auto const seen = read_if_match(of.asked);
    if (seen.has_error()) {
        co_return refuse(seen.error(), of.asked);
    }
    using enum services::profiles::accounts_of_removed;
    auto const removed = co_await of.services().profiles.remove(
        of.workspace(), of.asked.path_parameter("id"), *force ? move_to_default : keep_profile, *seen);
    if (removed.has_error()) {
        co_return refuse(removed.error(), of.asked);
    }
    co_return http::response::no_content();
}

} // namespace connectd::server::api
