// The permissions of Facebook Login that a product for pages and their Instagram accounts asks for. Values;
// any thread.
#pragma once

#include "tools/sandbox/oauth/scopes.hpp"

#include <cstdint>

namespace connectd::sandbox::facebook {

// In the order in which answers list them.
enum class scope : std::uint8_t {
    public_profile,
    email,
    pages_show_list,
    pages_read_engagement,
    pages_manage_posts,
    pages_manage_engagement,
    pages_manage_metadata,
    pages_read_user_content,
    pages_messaging,
    read_insights,
    business_management,
    ads_management,
    ads_read,
    publish_video,
    instagram_basic,
    instagram_content_publish,
    instagram_manage_comments,
    instagram_manage_insights,
    instagram_manage_messages,
};

oauth::scope_catalog const& scopes();

} // namespace connectd::sandbox::facebook
