#include "tools/sandbox/threads/scopes.hpp"

#include <array>

namespace connectd::sandbox::threads {
namespace {

// By the value of `scope`.
constexpr std::array<oauth::scope_text, 11> texts{{
    {"threads_basic", "See your profile and your threads."},
    {"threads_content_publish", "Publish threads for you."},
    {"threads_read_replies", "Read replies to your threads."},
    {"threads_manage_replies", "Reply for you and hide replies."},
    {"threads_manage_insights", "See figures about your threads."},
    {"threads_delete", "Delete your threads."},
    {"threads_keyword_search", "Search for threads."},
    {"threads_manage_mentions", "See where you are mentioned."},
    {"threads_location_tagging", "Add places to your threads."},
    {"threads_profile_discovery", "Look up public profiles."},
    {"threads_share_to_instagram", "Share your threads to Instagram."},
}};

} // namespace

oauth::scope_catalog const& scopes() {
    static constexpr oauth::scope_catalog catalog{texts};
    return catalog;
}

} // namespace connectd::sandbox::threads
