// /v1/profiles and /v1/workspace: what groups accounts.
#include "server/dialects/fields.hpp"
#include "server/dialects/reading.hpp"
#include "server/dialects/unipost/unipost.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <algorithm>

namespace connectd::server::dialects::unipost {
namespace {

boost::json::object to_json(services::profile_view const& shown,
                            std::vector<services::account_view> const& all, call const& of) {
    return {{"id", shown.id.to_string()},
            {"workspace_id", of.workspace().to_string()},
            {"name", shown.name},
            {"account_count", std::ranges::count(all, shown.id, &services::account_view::profile)},
            {"branding_hide_powered_by", false},
            {"created_at", http::render_time(shown.created_at)},
            {"updated_at", http::render_time(shown.updated_at)}};
}

} // namespace

runtime::task<http::response> list_profiles(call of) {
    auto const profiles = co_await all_profiles(of);
    auto const all = co_await all_accounts(of, {});
    if (profiles.has_error() || all.has_error()) {
        co_return of.refuse(profiles.has_error() ? profiles.error() : all.error());
    }
    boost::json::array data;
    for (auto const& each : *profiles) {
        data.push_back(to_json(each, *all, of));
    }
    co_return answer_list(std::move(data), of);
}

runtime::task<http::response> create_profile(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto const name = body->text("name");
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto const before = co_await all_profiles(of);
    if (before.has_error()) {
        co_return of.refuse(before.error());
    }
    if (std::ranges::find(*before, name, &services::profile_view::name) != before->end()) {
        co_return of.refuse(services::refusal{409, std::string{profile_name_taken},
                                              "Another profile has this name already."});
    }
    auto const made = co_await of.services().profiles.create(
        of.workspace(), {.name = name, .external_id = {}, .metadata = {}});
    if (made.has_error()) {
        co_return of.refuse(made.error());
    }
    co_return answer(201, to_json(*made, {}, of), of);
}

runtime::task<http::response> get_profile(call of) {
    auto const found =
        co_await of.services().profiles.get(of.workspace(), of.asked.path_parameter("profile"));
    auto const all = co_await all_accounts(of, {});
    if (found.has_error() || all.has_error()) {
        co_return of.refuse(found.has_error() ? found.error() : all.error());
    }
    co_return answer(200, to_json(*found, *all, of), of);
}

runtime::task<http::response> update_profile(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto name = body->optional_text("name");
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto const id = of.asked.path_parameter("profile");
    auto const changed =
        co_await of.services().profiles.update(of.workspace(), id, {.name = std::move(name)});
    auto const all = co_await all_accounts(of, {});
    if (changed.has_error() || all.has_error()) {
        co_return of.refuse(changed.has_error() ? changed.error() : all.error());
    }
    co_return answer(200, to_json(*changed, *all, of), of);
}

runtime::task<http::response> delete_profile(call of) {
    auto const gone =
        co_await of.services().profiles.remove(of.workspace(), of.asked.path_parameter("profile"),
                                               services::profiles::accounts_of_removed::keep_profile);
    co_return gone.has_error() ? of.refuse(gone.error()) : http::response::no_content();
}

runtime::task<http::response> get_workspace(call of) {
    auto const owner = co_await of.services().workspaces.get(of.workspace().to_string());
    if (owner.has_error()) {
        co_return of.refuse(owner.error());
    }
    co_return answer(200,
                     boost::json::object{{"id", owner->id.to_string()},
                                         {"name", owner->name},
                                         {"per_account_monthly_limit", nullptr},
                                         {"usage_modes", boost::json::array{}},
                                         {"custom_platform_slot", nullptr},
                                         {"created_at", http::render_time(owner->created_at)},
                                         {"updated_at", http::render_time(owner->updated_at)}},
                     of);
}

} // namespace connectd::server::dialects::unipost
