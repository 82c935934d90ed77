// The scopes of TikTok's Login Kit (November 2026). Values; any thread.
#pragma once

#include "tools/sandbox/oauth/scopes.hpp"

namespace connectd::sandbox::tiktok {

enum class scope : std::uint8_t {
    user_info_basic, // every grant has it
    user_info_profile,
    user_info_stats,
    video_list,
    video_upload,
    video_publish,
};

oauth::scope_catalog const& scopes();

} // namespace connectd::sandbox::tiktok
