#include "tools/sandbox/platforms.hpp"

#include "tools/sandbox/bluesky/bluesky_platform.hpp"
#include "tools/sandbox/facebook/facebook_platform.hpp"
#include "tools/sandbox/instagram/instagram_platform.hpp"
#include "tools/sandbox/linkedin/linkedin_platform.hpp"
#include "tools/sandbox/mastodon/mastodon_platform.hpp"
#include "tools/sandbox/pinterest/pinterest_platform.hpp"
#include "tools/sandbox/threads/threads_platform.hpp"
#include "tools/sandbox/tiktok/tiktok_platform.hpp"
#include "tools/sandbox/x/x_platform.hpp"
#include "tools/sandbox/youtube/youtube_platform.hpp"

#include <array>

namespace connectd::sandbox {
namespace {

template <class Platform>
std::unique_ptr<platform> make(platform_parts const& parts) {
    return std::make_unique<Platform>(parts);
}

} // namespace

std::span<known_platform const> known_platforms() {
    static constexpr auto all = std::to_array<known_platform>({
        {"x", make<x::x_platform>},
        {"bluesky", make<bluesky::bluesky_platform>},
        {"mastodon", make<mastodon::mastodon_platform>},
        {"tiktok", make<tiktok::tiktok_platform>},
        {"linkedin", make<linkedin::linkedin_platform>},
        {"pinterest", make<pinterest::pinterest_platform>},
        {"facebook", make<facebook::facebook_platform>},
        {"instagram", make<instagram::instagram_platform>},
        {"threads", make<threads::threads_platform>},
        {"youtube", make<youtube::youtube_platform>},
    });
    return all;
}

} // namespace connectd::sandbox
