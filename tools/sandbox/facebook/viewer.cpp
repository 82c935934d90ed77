#include "tools/sandbox/facebook/viewer.hpp"

#include "tools/sandbox/graph/login.hpp"
#include "tools/sandbox/graph/owned.hpp"

#include <algorithm>

namespace connectd::sandbox::facebook {

std::string user_id(std::string_view client_id, person const& who) {
    return graph::app_scoped_id("12", client_id, who);
}

viewer::viewer(graph::caller const& by) : by_{by}, owned_{graph::assets_of(*by.who)} {}

std::string viewer::user_id() const {
    return facebook::user_id(by_.client->client_id, *by_.who);
}

bool viewer::reaches(graph::page const& each) const {
    auto const& picked = by_.allowed.assets;
    if (is_page())
        return each.id == by_.allowed.subject;
    return !picked || std::ranges::find(*picked, each.id) != picked->end();
}

graph::page const* viewer::page(std::string_view id) const {
    auto const found = std::ranges::find(owned_.pages, id, &graph::page::id);
    return found != owned_.pages.end() && reaches(*found) ? &*found : nullptr;
}

graph::instagram_account const* viewer::instagram(std::string_view id) const {
    for (auto const& each : owned_.pages) {
        if (each.instagram && each.instagram->id == id && reaches(each))
            return &*each.instagram;
    }
    return nullptr;
}

graph::business const* viewer::business(std::string_view id) const {
    auto const found = std::ranges::find(owned_.businesses, id, &graph::business::id);
    return found == owned_.businesses.end() ? nullptr : &*found;
}

} // namespace connectd::sandbox::facebook
