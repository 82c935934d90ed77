#include "tools/sandbox/graph/assets.hpp"

#include <algorithm>
#include <set>

namespace connectd::sandbox::graph {
namespace {

// The beginnings of ids of one kind each; 17 digits leave room for every person's number.
constexpr std::uint64_t first_page = 20'406'080'000'000'000;
constexpr std::uint64_t first_business = 30'507'090'000'000'000;
constexpr std::uint64_t first_instagram = 17'841'400'000'000'000;
constexpr std::uint64_t first_page_instagram = 17'841'500'000'000'000;
constexpr std::uint64_t most_of_a_person = 1000;

std::string id_from(std::uint64_t first, std::uint64_t number, std::size_t index) {
    return std::to_string(first + number * most_of_a_person + index);
}

// Instagram's ids begin with the same five digits for all, so fresh people, whose numbers are large, share
// the room that is left.
std::string instagram_id(std::uint64_t first, std::uint64_t number) {
    constexpr std::uint64_t room = 99'999'999'989;
    return std::to_string(first + number % room);
}

std::string dotted(std::string name) {
    std::ranges::replace(name, '_', '.');
    std::ranges::replace(name, '-', '.');
    return name;
}

void complete(instagram_account& account, std::string id, std::string username, std::string const& name) {
    if (account.id.empty())
        account.id = std::move(id);
    if (account.username.empty())
        account.username = std::move(username);
    if (account.name.empty())
        account.name = name;
}

bool decimal(std::string_view id) {
    return !id.empty() && id.size() <= 20 && id.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::vector<std::string> all_tasks() {
    return {"ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"};
}

void complete_assets(assets& all, asset_owner const& owner) {
    auto const username = dotted(owner.username);
    complete(all.instagram, instagram_id(first_instagram, owner.number), username, owner.name);
    for (std::size_t i = 0; i < all.businesses.size(); ++i) {
        if (all.businesses[i].id.empty())
            all.businesses[i].id = id_from(first_business, owner.number, i);
    }
    for (std::size_t i = 0; i < all.pages.size(); ++i) {
        auto& each = all.pages[i];
        if (each.id.empty())
            each.id = id_from(first_page, owner.number, i);
        if (each.instagram)
            complete(*each.instagram, instagram_id(first_page_instagram, owner.number * most_of_a_person + i),
                     username + ".page" + std::to_string(i + 1), each.name);
    }
}

std::string problem_of(assets const& candidate) {
    std::set<std::string> seen;
    std::set<std::string> businesses{""};
    auto const bad = [&](std::string const& id) { return !decimal(id) || !seen.insert(id).second; };
    for (auto const& each : candidate.businesses) {
        if (bad(each.id))
            return "the id of a business is not decimal or comes twice: " + each.id;
        businesses.insert(each.id);
    }
    for (auto const& each : candidate.pages) {
        if (bad(each.id))
            return "the id of a page is not decimal or comes twice: " + each.id;
        if (each.name.empty())
            return "a page has no name: " + each.id;
        if (!businesses.contains(each.owner) || !businesses.contains(each.client_of))
            return "a page belongs to a business that the person is not in: " + each.id;
        if (each.instagram && bad(each.instagram->id))
            return "the id of an Instagram account is not decimal or comes twice: " + each.instagram->id;
    }
    if (candidate.businesses.size() > most_of_a_person || candidate.pages.size() > most_of_a_person)
        return "a person has a thousand pages and businesses at most";
    return decimal(candidate.instagram.id) ? "" : "the id of an Instagram account is not decimal";
}

} // namespace connectd::sandbox::graph
