// /v1/profiles: the default one is none to the vendor, and is not shown.
#include "server/dialects/fields.hpp"
#include "server/dialects/postpeer/postpeer.hpp"
#include "server/dialects/reading.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace connectd::server::dialects::postpeer {
namespace {

constexpr std::string_view description = "description";

boost::json::object to_json(services::profile_view const& shown) {
    return {{"id", shown.id.to_string()},
            {"name", shown.name},
            {"description",
             http::render_text(metadata_text(shown.metadata, description).value_or(std::string{}))},
            {"integrationCount", shown.accounts},
            {"createdAt", http::render_time(shown.created_at)},
            {"updatedAt", http::render_time(shown.updated_at)}};
}

std::string described(std::optional<std::string> const& text) {
    return text ? boost::json::serialize(boost::json::object{{description, *text}}) : std::string{};
}

} // namespace

runtime::task<http::response> create_profile(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    services::new_profile wanted{.name = body->text("name"),
                                 .external_id = {},
                                 .metadata = described(body->optional_text(description))};
    body->refuse_others();
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto const made = co_await of.services().profiles.create(of.workspace(), std::move(wanted));
    if (made.has_error()) {
        co_return of.refuse(made.error());
    }
    co_return answer(201, "profile", to_json(*made));
}

runtime::task<http::response> list_profiles(call of) {
    auto const profiles = co_await all_profiles(of);
    if (profiles.has_error()) {
        co_return of.refuse(profiles.error());
    }
    auto const name = of.query("name");
    boost::json::array shown;
    for (auto const& each : *profiles) {
        if (!each.is_default && (!name || each.name.find(*name) != std::string::npos)) {
            shown.push_back(to_json(each));
        }
    }
    auto page = answer_page(of, "profiles", std::move(shown));
    co_return page.has_error() ? of.refuse(page.error()) : std::move(*page);
}

runtime::task<http::response> get_profile(call of) {
    auto const found = co_await of.services().profiles.get(of.workspace(), of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    co_return answer(200, "profile", to_json(*found));
}

runtime::task<http::response> update_profile(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    services::profile_changes wanted{.name = body->optional_text("name")};
    bool const emptied = body->is_null(description);
    auto const text = body->optional_text(description);
    if (text || emptied) {
        wanted.metadata = text ? described(text) : std::string{"{}"};
    }
    body->refuse_others();
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    auto const changed = co_await of.services().profiles.update(of.workspace(), of.asked.path_parameter("id"),
                                                                std::move(wanted));
    if (changed.has_error()) {
        co_return of.refuse(changed.error());
    }
    co_return answer(200, "profile", to_json(*changed));
}

// Its accounts are without a profile afterwards.
runtime::task<http::response> delete_profile(call of) {
    auto const gone =
        co_await of.services().profiles.remove(of.workspace(), of.asked.path_parameter("id"),
                                               services::profiles::accounts_of_removed::move_to_default);
    co_return gone.has_error() ? of.refuse(gone.error()) : answer_done("Profile deleted");
}

} // namespace connectd::server::dialects::postpeer
