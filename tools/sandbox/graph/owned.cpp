#include "tools/sandbox/graph/owned.hpp"

namespace connectd::sandbox::graph {

assets assets_of(person const& who) {
    if (!is_fresh(who))
        return who.meta;
    assets all;
    all.pages.push_back({.name = who.display_name + "'s page"});
    complete_assets(all, owner_of_assets(who));
    all.pages.front().instagram = all.instagram;
    return all;
}

} // namespace connectd::sandbox::graph
