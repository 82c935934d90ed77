#include "tools/sandbox/facebook/api.hpp"

#include "tools/sandbox/graph/instagram_node.hpp"
#include "tools/sandbox/graph/paging.hpp"

#include <boost/json/array.hpp>

namespace connectd::sandbox::facebook {
namespace {

using graph::graph_call;
using graph::graph_error;

graph_error no_field(std::string_view edge, std::string_view title) {
    return graph::bad_parameter("Tried accessing nonexisting field (" + std::string{edge} +
                                ") on node type (" + std::string{title} + ")");
}

graph_error business_permission() {
    auto error = graph::known_error(200);
    error.message = "(#200) Requires business_management permission to manage the object.";
    return error;
}

// Anybody's page is there for the few apps that may look at all of them.
graph_error not_their_page() {
    auto error = graph::known_error(10);
    error.message = "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public "
                    "Content Access' feature.";
    return error;
}

// Pages that a business holds are not on the list unless the app may see businesses.
std::vector<graph::page> listed_pages(viewer const& by) {
    std::vector<graph::page> listed;
    for (auto const& each : by.owned().pages) {
        bool const held = !each.owner.empty() || !each.client_of.empty();
        if (by.may(scope::pages_show_list) && by.reaches(each) &&
            (!held || by.may(scope::business_management)))
            listed.push_back(each);
    }
    return listed;
}

} // namespace

api::api(oauth::grants& issued, sandbox::posts& written, journal& events, graph::gate& door,
         switches const& how, std::string const& public_url)
    : grants_{issued},
      gate_{door},
      nodes_{issued, how, public_url},
      posts_{written, events, door},
      publishing_{written, events, door, "facebook"},
      url_{public_url} {}

reply api::answer(graph_call const& asked, std::string_view version) {
    auto admitted = gate_.admit(asked);
    if (auto* const refusal = std::get_if<reply>(&admitted))
        return std::move(*refusal);
    auto const& by = std::get<graph::caller>(admitted);
    auto answer = route(asked, viewer{by}, version);
    answer.headers.insert(answer.headers.end(), by.usage_headers.begin(), by.usage_headers.end());
    return answer;
}

reply api::route(graph_call const& asked, viewer const& by, std::string_view version) {
    auto const node = asked.node();
    auto const& self = by.by().allowed.subject;
    if (by.is_page() && by.page(self) == nullptr)
        return gate_.refuse(graph::known_error(190, 492));
    if (auto const* const found = by.page(node == "me" ? self : node))
        return page(asked, by, *found, version);
    if (node == "me" || (!by.is_page() && node == by.user_id()))
        return user(asked, by, version);
    if (auto const* const found = by.is_page() ? nullptr : by.business(node))
        return business(asked, by, *found, version);
    if (auto const* const found = by.instagram(node))
        return instagram(asked, by, *found);
    if (asked.is("GET") && asked.edge().empty()) {
        if (auto shown = posts_.show(asked, by))
            return std::move(*shown);
        auto const reaches = [&](std::string_view id) { return by.instagram(id) != nullptr; };
        if (auto shown = publishing_.show(asked, reaches))
            return std::move(*shown);
    }
    return gate_.unsupported(asked);
}

reply api::finish(graph::object_or_error found) const {
    if (auto* const error = std::get_if<graph_error>(&found))
        return gate_.refuse(std::move(*error));
    return json_reply(200, std::get<boost::json::object>(found), "application/json; charset=UTF-8");
}

std::string api::list_url(graph_call const& asked, std::string_view node, std::string_view version) const {
    return url_ + "/" + std::string{version} + "/" + std::string{node} + "/" + std::string{asked.edge()};
}

reply api::user(graph_call const& asked, viewer const& by, std::string_view version) {
    auto const edge = asked.edge();
    if (edge == "permissions" && asked.is("DELETE") && asked.path.size() <= 3)
        return remove_permissions(asked, by);
    if (!asked.is("GET") || asked.path.size() > 2)
        return gate_.unsupported(asked);
    if (edge.empty())
        return finish(nodes_.user(by, asked.parameters.get("fields")));
    if (edge == "permissions")
        return permissions(asked, by);
    if (edge == "accounts")
        return pages(asked, by, listed_pages(by), version);
    if (edge == "businesses")
        return businesses(asked, by, version);
    return gate_.refuse(no_field(edge, "User"));
}

reply api::page(graph_call const& asked, viewer const& by, graph::page const& shown,
                std::string_view version) {
    auto const edge = asked.edge();
    if (edge == "feed" && asked.is("POST") && asked.path.size() == 2)
        return posts_.publish(asked, by, shown);
    if (!asked.is("GET") || asked.path.size() > 2)
        return gate_.unsupported(asked);
    if (edge == "feed")
        return posts_.list(asked, by, shown, list_url(asked, shown.id, version));
    if (!edge.empty())
        return gate_.refuse(no_field(edge, "Page"));
    if (!by.may(scope::pages_show_list) && !by.may(scope::pages_read_engagement))
        return gate_.refuse(not_their_page());
    return finish(nodes_.page(by, shown, asked.parameters.get("fields"), false, asked.now));
}

reply api::business(graph_call const& asked, viewer const& by, graph::business const& shown,
                    std::string_view version) {
    auto const edge = asked.edge();
    if (!asked.is("GET") || asked.path.size() > 2)
        return gate_.unsupported(asked);
    if (!by.may(scope::business_management))
        return gate_.refuse(business_permission());
    if (edge.empty())
        return finish(nodes_.business(shown, asked.parameters.get("fields")));
    if (edge != "owned_pages" && edge != "client_pages")
        return gate_.refuse(no_field(edge, "Business"));
    std::vector<graph::page> held;
    for (auto const& each : by.owned().pages) {
        if ((edge == "owned_pages" ? each.owner : each.client_of) == shown.id && by.reaches(each))
            held.push_back(each);
    }
    return pages(asked, by, held, version);
}

// The account that is linked to a page, for the token of the person and for that of the page.
reply api::instagram(graph_call const& asked, viewer const& by, graph::instagram_account const& account) {
    if (!by.may(scope::instagram_basic))
        return gate_.refuse(graph::known_error(10));
    if (asked.is("GET") && asked.path.size() == 1)
        return finish(graph::instagram_node(
            {account, url_ + "/pictures/" + account.id + ".svg", publishing_.media_count(account.id)},
            asked.parameters.get("fields")));
    if (auto done = publishing_.edge(asked, by.by(), account, by.may(scope::instagram_content_publish)))
        return std::move(*done);
    return gate_.unsupported(asked);
}

reply api::permissions(graph_call const&, viewer const& by) {
    boost::json::array items;
    auto const list = [&](oauth::scope_set set, std::string_view status) {
        for (auto const& row : scopes().rows_of(set))
            items.push_back(boost::json::object{{"permission", row.name}, {"status", status}});
    };
    list(by.by().allowed.scopes, "granted");
    list(by.by().allowed.declined, "declined");
    return finish(boost::json::object{{"data", std::move(items)}});
}

// All of them: the person's whole grant to this app is over, with every page token that came of it.
reply api::remove_permissions(graph_call const& asked, viewer const& by) {
    auto const& allowed = by.by().allowed;
    if (asked.path.size() == 3) {
        auto const row = scopes().find(asked.path[2]);
        if (!row)
            return gate_.refuse(graph::bad_parameter("Invalid permission: " + asked.path[2]));
        grants_.withdraw(allowed.person, allowed.client_id, oauth::scope_set{}.with(*row), asked.now);
    } else {
        grants_.revoke(by.by().token, allowed.client_id, asked.now);
    }
    return finish(boost::json::object{{"success", true}});
}

reply api::businesses(graph_call const& asked, viewer const& by, std::string_view version) {
    if (!by.may(scope::business_management))
        return gate_.refuse(business_permission());
    auto const& all = by.owned().businesses;
    return finish(graph::list_of(
        asked.parameters, all.size(), list_url(asked, by.user_id(), version), by.by().token,
        [&](std::size_t i) { return nodes_.business(all[i], asked.parameters.get("fields")); }));
}

reply api::pages(graph_call const& asked, viewer const& by, std::vector<graph::page> const& all,
                 std::string_view version) {
    auto const node = asked.node() == "me" ? by.user_id() : std::string{asked.node()};
    return finish(graph::list_of(
        asked.parameters, all.size(), list_url(asked, node, version), by.by().token, [&](std::size_t i) {
            return nodes_.page(by, all[i], asked.parameters.get("fields"), true, asked.now);
        }));
}

} // namespace connectd::sandbox::facebook
