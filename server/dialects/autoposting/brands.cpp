// /brands: profiles, addressed by a slug that never changes.
#include "server/dialects/autoposting/autoposting.hpp"
#include "server/dialects/fields.hpp"
#include "server/dialects/reading.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <set>

namespace connectd::server::dialects::autoposting {
namespace {

boost::json::object status_of(services::account_view const& shown) {
    boost::json::object status{{"platform", shown.platform},
                               {"connected", shown.status == "active"},
                               {"platformUsername", http::render_text(shown.username)},
                               {"platformUserId", shown.platform_user_id},
                               {"platformAccountType", shown.kind == "person" ? "personal" : "organization"},
                               {"profileImageUrl", http::render_text(shown.avatar_url)},
                               {"expiresAt", http::render_time(shown.access_expires_at)}};
    if (!shown.status_cause.empty()) {
        status["refreshError"] = shown.status_cause;
    }
    return status;
}

boost::json::array statuses_of(crypto::profile_id brand,
                               std::vector<services::account_view> const& accounts) {
    boost::json::array list;
    for (auto const& each : accounts) {
        if (each.profile == brand && is_platform(each.platform)) {
            list.push_back(status_of(each));
        }
    }
    return list;
}

// The union of the shapes that the vendor's reference, client and pages show.
boost::json::object to_json(services::profile_view const& shown, std::string slug, std::size_t order,
                            std::vector<services::account_view> const& accounts) {
    std::set<std::string> connected;
    for (auto const& each : accounts) {
        if (each.profile == shown.id && each.status == "active" && is_platform(each.platform)) {
            connected.insert(each.platform);
        }
    }
    return {{"id", shown.id.to_string()},
            {"name", shown.name},
            {"slug", std::move(slug)},
            {"description", ""},
            {"logoUrl", nullptr},
            {"order", order},
            {"timezone", "UTC"},
            {"connectedPlatforms", boost::json::array(connected.begin(), connected.end())},
            {"platforms", statuses_of(shown.id, accounts)},
            {"createdAt", http::render_time(shown.created_at)},
            {"updatedAt", http::render_time(shown.updated_at)}};
}

} // namespace

runtime::task<http::response> list_brands(call of) {
    auto const profiles = co_await all_profiles(of);
    auto const accounts = co_await all_accounts(of, {});
    auto const first = co_await default_profile(of);
    if (profiles.has_error() || accounts.has_error() || first.has_error()) {
        co_return of.refuse(profiles.has_error()   ? profiles.error()
                            : accounts.has_error() ? accounts.error()
                                                   : first.error());
    }
    boost::json::array data;
    for (auto const& each : *profiles) {
        data.push_back(to_json(each, slug_of(each, *first), data.size(), *accounts));
    }
    co_return answer(std::move(data));
}

runtime::task<http::response> create_brand(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto const name = body->text("name");
    auto const slug = body->optional_text("slug").value_or(slug_from(name));
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (!is_slug(slug)) {
        co_return of.refuse(services::failure{services::errc::field_invalid,
                                              "A slug has 1 to 64 lower case letters, digits and hyphens.",
                                              "slug"});
    }
    auto const made = co_await of.services().profiles.create(
        of.workspace(), {.name = name, .external_id = slug, .metadata = {}});
    if (made.has_error()) {
        co_return of.refuse(made.error());
    }
    co_return answer(to_json(*made, slug, 0, {}));
}

runtime::task<http::response> update_brand(call of) {
    auto const brand = co_await find_by_slug(of, of.asked.path_parameter("slug"));
    if (brand.has_error()) {
        co_return of.refuse(brand.error());
    }
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto name = body->optional_text("name");
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto const changed = co_await of.services().profiles.update(of.workspace(), brand->id.to_string(),
                                                                {.name = std::move(name)});
    if (changed.has_error()) {
        co_return of.refuse(changed.error());
    }
    co_return co_await get_brand(of);
}

runtime::task<http::response> delete_brand(call of) {
    auto const brand = co_await find_by_slug(of, of.asked.path_parameter("slug"));
    if (brand.has_error()) {
        co_return of.refuse(brand.error());
    }
    auto const gone = co_await of.services().profiles.remove(
        of.workspace(), brand->id.to_string(), services::profiles::accounts_of_removed::keep_profile);
    if (gone.has_error()) {
        co_return of.refuse(gone.error());
    }
    co_return answer(boost::json::object{{"deleted", true}});
}

runtime::task<http::response> get_brand(call of) {
    auto const slug = of.asked.path_parameter("slug");
    auto const brand = co_await find_by_slug(of, slug);
    if (brand.has_error()) {
        co_return of.refuse(brand.error());
    }
    auto const accounts = co_await all_accounts(of, {});
    if (accounts.has_error()) {
        co_return of.refuse(accounts.error());
    }
    co_return answer(to_json(*brand, slug, 0, *accounts));
}

runtime::task<http::response> show_status(call of) {
    auto const brand = co_await find_by_slug(of, of.asked.path_parameter("slug"));
    if (brand.has_error()) {
        co_return of.refuse(brand.error());
    }
    auto const accounts = co_await all_accounts(of, {});
    if (accounts.has_error()) {
        co_return of.refuse(accounts.error());
    }
    co_return answer(statuses_of(brand->id, *accounts));
}

} // namespace connectd::server::dialects::autoposting
