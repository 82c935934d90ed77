// What people have at Meta's platforms: Facebook Pages, the businesses that hold some of them, and an
// Instagram account. Part of a person; all ids are decimal and beyond 2^53.
//
// Values and pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::graph {

struct instagram_account {
    std::string id{}; // 17841..., the same for every app
    std::string username{};
    std::string name{};
};

struct business {
    std::string id{};
    std::string name{};
};

// What a person may do with a page who has full control of it.
std::vector<std::string> all_tasks();

struct page {
    std::string id{};
    std::string name{};
    std::string username{}; // empty: it has none
    std::string category = "Local business";
    std::vector<std::string> tasks = all_tasks();
    std::string owner{};     // the business that owns it; empty: none does
    std::string client_of{}; // the business that manages it for somebody else; empty: none does
    // The person's role is too small, or the business wants a second factor: it is listed without a token.
    bool token_withheld = false;
    std::optional<instagram_account> instagram{}; // linked to it
};

struct assets {
    std::vector<business> businesses{};
    std::vector<page> pages{};
    instagram_account instagram{};
};

// Whose they are, as far as ids and names come of it.
struct asset_owner {
    std::uint64_t number = 0;
    std::string username{};
    std::string name{}; // empty: the Instagram account has none either
};

// Fills in the ids and names that are empty.
void complete_assets(assets& all, asset_owner const& owner);

// What is wrong with them, empty when nothing is: an id that is not decimal or comes twice, a page whose
// business is not among the person's.
std::string problem_of(assets const& candidate);

} // namespace connectd::sandbox::graph
