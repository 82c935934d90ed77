#include "tools/sandbox/x/scopes.hpp"

#include <algorithm>

namespace connectd::sandbox::x {
namespace {

struct scope_text {
    std::string_view name;
    std::string_view sentence;
};

// By the value of `scope`.
constexpr std::array<scope_text, 22> texts{{
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

std::optional<scope_set> scope_set::parse(std::string_view text) {
    scope_set set;
    while (true) {
        auto const space = text.find(' ');
        auto const found = std::ranges::find(texts, text.substr(0, space), &scope_text::name);
        if (found == texts.end())
            return std::nullopt;
        set = set.with(static_cast<scope>(found - texts.begin()));
        if (space == std::string_view::npos)
            return set;
        text.remove_prefix(space + 1);
    }
}

scope_set scope_set::with(scope added) const noexcept {
    scope_set set = *this;
    set.bits_ |= std::uint32_t{1} << static_cast<unsigned>(added);
    return set;
}

std::string scope_set::to_string() const {
    std::string text;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (!has(static_cast<scope>(i)))
            continue;
        if (!text.empty())
            text.push_back(' ');
        text.append(texts[i].name);
    }
    return text;
}

std::vector<std::string_view> scope_set::sentences() const {
    std::vector<std::string_view> chosen;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (has(static_cast<scope>(i)))
            chosen.push_back(texts[i].sentence);
    }
    return chosen;
}

} // namespace connectd::sandbox::x
