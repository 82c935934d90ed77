// /v1/profiles: each has a slug, the first is `default`.
#include "server/dialects/fields.hpp"
#include "server/dialects/letmepost/letmepost.hpp"
#include "server/dialects/reading.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace connectd::server::dialects::letmepost {
namespace {

boost::json::object to_json(services::profile_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"name", shown.name},
            {"slug", slug_of(shown, shown.is_default ? shown.id : crypto::profile_id{})},
            {"createdAt", http::render_time(shown.created_at)},
            {"updatedAt", http::render_time(shown.updated_at)}};
}

services::failure bad_slug() {
    return {services::errc::field_invalid, "A slug has 1 to 64 lower case letters, digits and hyphens.",
            "slug"};
}

} // namespace

runtime::task<http::response> create_profile(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    services::new_profile wanted{.name = body->text("name"), .external_id = {}, .metadata = {}};
    wanted.external_id = body->optional_text("slug").value_or(slug_from(wanted.name));
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (!is_slug(wanted.external_id)) {
        co_return of.refuse(bad_slug());
    }
    auto const made = co_await of.services().profiles.create(of.workspace(), std::move(wanted));
    if (made.has_error()) {
        co_return of.refuse(made.error());
    }
    co_return http::response::json(201, to_json(*made));
}

runtime::task<http::response> list_profiles(call of) {
    auto const profiles = co_await all_profiles(of);
    if (profiles.has_error()) {
        co_return of.refuse(profiles.error());
    }
    boost::json::array data;
    for (auto const& each : *profiles) {
        data.push_back(to_json(each));
    }
    co_return http::response::json(200, boost::json::object{{"data", std::move(data)}});
}

runtime::task<http::response> get_profile(call of) {
    auto const found = co_await of.services().profiles.get(of.workspace(), of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    co_return http::response::json(200, to_json(*found));
}

runtime::task<http::response> update_profile(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    services::profile_changes wanted{.name = body->optional_text("name"),
                                     .external_id = body->optional_text("slug")};
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (wanted.external_id && !is_slug(*wanted.external_id)) {
        co_return of.refuse(bad_slug());
    }
    auto const changed = co_await of.services().profiles.update(of.workspace(), of.asked.path_parameter("id"),
                                                                std::move(wanted));
    if (changed.has_error()) {
        co_return of.refuse(changed.error());
    }
    co_return http::response::json(200, to_json(*changed));
}

runtime::task<http::response> delete_profile(call of) {
    auto const id = of.asked.path_parameter("id");
    auto const gone = co_await of.services().profiles.remove(
        of.workspace(), id, services::profiles::accounts_of_removed::keep_profile);
    if (gone.has_error()) {
        co_return of.refuse(gone.error());
    }
    co_return http::response::json(200, boost::json::object{{"id", id}, {"deleted", true}});
}

} // namespace connectd::server::dialects::letmepost
