#include "tools/sandbox/x/scopes.hpp"

#include <array>

namespace connectd::sandbox::x {
namespace {

// By the value of `scope`.
constexpr std::array<oauth::scope_text, 22> texts{{
    {"tweet.write", "Post and repost for you."},
    {"users.read", "See your profile and the profiles you can see."},
    {"tweet.read", "See the posts you can see, protected ones too."},
    {"offline.access", "Stay connected until you take the access back."},
    {"media.write", "Upload pictures and videos for you."},
    {"users.email", "See your e-mail address."},
    {"tweet.moderate.write", "Hide and show replies to your posts."},
    {"follows.read", "See who you follow and who follows you."},
    {"follows.write", "Follow and unfollow people for you."},
    {"space.read", "See the Spaces you can see."},
    {"mute.read", "See the accounts you have muted."},
    {"mute.write", "Mute and unmute accounts for you."},
    {"like.read", "See the posts you have liked."},
    {"like.write", "Like and unlike posts for you."},
    {"list.read", "See your lists, private ones too."},
    {"list.write", "Make and manage lists for you."},
    {"block.read", "See the accounts you have blocked."},
    {"block.write", "Block and unblock accounts for you."},
    {"bookmark.read", "See your bookmarks."},
    {"bookmark.write", "Add and remove bookmarks for you."},
    {"dm.read", "Read your direct messages."},
    {"dm.write", "Send direct messages for you."},
}};

} // namespace

oauth::scope_catalog const& scopes() {
    static constexpr oauth::scope_catalog catalog{texts};
    return catalog;
}

} // namespace connectd::sandbox::x
