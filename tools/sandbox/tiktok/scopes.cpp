#include "tools/sandbox/tiktok/scopes.hpp"

#include <array>

namespace connectd::sandbox::tiktok {
namespace {

// By the value of `scope`.
constexpr std::array<oauth::scope_text, 6> texts{{
    {"user.info.basic", "See your name and picture."},
    {"user.info.profile", "See your user name and biography."},
    {"user.info.stats", "See how many followers and likes you have."},
    {"video.list", "See your public videos."},
    {"video.upload", "Put drafts into your inbox."},
    {"video.publish", "Post for you."},
}};

} // namespace

oauth::scope_catalog const& scopes() {
    static constexpr oauth::scope_catalog catalog{texts};
    return catalog;
}

} // namespace connectd::sandbox::tiktok
