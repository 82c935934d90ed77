#include "tools/sandbox/mastodon/scopes.hpp"

#include <array>

namespace connectd::sandbox::mastodon {
namespace {

// By the value of `scope`.
constexpr std::array<oauth::scope_text, 11> scope_texts{{
    {"profile", "See your name and your picture, and nothing else."},
    {"read", "Read everything of your account."},
    {"read:accounts", "See your account."},
    {"read:statuses", "See your posts."},
    {"read:notifications", "See your notifications."},
    {"write", "Change everything of your account."},
    {"write:accounts", "Change your profile."},
    {"write:media", "Upload pictures and videos for you."},
    {"write:statuses", "Post for you."},
    {"follow", "Follow and block people for you."},
    {"push", "Receive your push notifications."},
}};

} // namespace

oauth::scope_catalog const& scopes() {
    static constexpr oauth::scope_catalog catalog{scope_texts};
    return catalog;
}

bool covers(oauth::scope_set granted, scope needed) {
    if (granted.has(needed))
        return true;
    auto const name = scope_texts[static_cast<std::size_t>(needed)].name;
    return (name.starts_with("read:") && granted.has(scope::read)) ||
           (name.starts_with("write:") && granted.has(scope::write));
}

} // namespace connectd::sandbox::mastodon
