// /v1/pending-connections: Facebook's pages for one's own accounts, when a consent reaches several.
#include "server/dialects/fields.hpp"
#include "server/dialects/unipost/unipost.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <utility>

namespace connectd::server::dialects::unipost {
namespace {

// Candidates are pages that the person may publish to; nothing else about them is kept.
boost::json::object to_json(services::candidate_view const& page) {
    return {{"id", page.id},
            {"name", page.display_name},
            {"category", ""},
            {"picture_url", page.avatar_url},
            {"tasks", boost::json::array{"CREATE_CONTENT"}},
            {"can_publish", true}};
}

} // namespace

runtime::task<http::response> get_pending(call of) {
    auto const found = co_await of.services().sessions.get(of.workspace(), of.asked.path_parameter("id"));
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    if (found->status != "choosing") {
        co_return of.refuse(services::errc::session_not_found);
    }
    boost::json::array pages;
    for (auto const& each : found->candidates) {
        pages.push_back(to_json(each));
    }
    co_return answer(200,
                     boost::json::object{{"id", found->id.to_string()},
                                         {"platform", with_twitter(found->platform)},
                                         {"profile_id", found->profile.to_string()},
                                         {"meta_user", boost::json::object{}},
                                         {"pages", std::move(pages)},
                                         {"businesses", boost::json::array{}},
                                         {"expires_at", http::render_time(found->expires_at)}},
                     of);
}

runtime::task<http::response> finalize_pending(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    auto pages = body->optional_texts("page_ids").value_or(std::vector<std::string>{});
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (pages.empty()) {
        co_return of.refuse(
            services::refusal{400, std::string{no_pages_selected}, "Choose at least one page."});
    }
    auto const chosen = co_await of.services().choices.choose(of.workspace(), of.asked.path_parameter("id"),
                                                              std::move(pages));
    if (chosen.has_error()) {
        bool const unknown = chosen.error().field.starts_with("candidate_ids");
        co_return unknown
            ? of.refuse(services::refusal{400, std::string{unknown_page}, chosen.error().detail})
            : of.refuse(chosen.error());
    }
    boost::json::array ids;
    for (auto const& each : chosen->accounts) {
        ids.emplace_back(each.id.to_string());
    }
    auto const count = ids.size();
    co_return answer(
        200, boost::json::object{{"connected_account_ids", std::move(ids)}, {"connected_count", count}}, of);
}

} // namespace connectd::server::dialects::unipost
