#include "tools/sandbox/facebook/scopes.hpp"

#include <array>

namespace connectd::sandbox::facebook {
namespace {

// By the value of `scope`.
constexpr std::array<oauth::scope_text, 19> texts{{
    {"public_profile", "See your name and picture."},
    {"email", "See your e-mail address."},
    {"pages_show_list", "See the pages you manage."},
    {"pages_read_engagement", "Read what your pages publish."},
    {"pages_manage_posts", "Publish on your pages."},
    {"pages_manage_engagement", "Answer comments on your pages."},
    {"pages_manage_metadata", "Manage settings of your pages."},
    {"pages_read_user_content", "Read what others write on your pages."},
    {"pages_messaging", "Manage conversations of your pages."},
    {"read_insights", "See figures about your pages."},
    {"business_management", "Manage your businesses."},
    {"ads_management", "Manage your ads."},
    {"ads_read", "See figures about your ads."},
    {"publish_video", "Publish videos for you."},
    {"instagram_basic", "See the Instagram accounts of your pages."},
    {"instagram_content_publish", "Publish on the Instagram accounts of your pages."},
    {"instagram_manage_comments", "Answer comments on Instagram."},
    {"instagram_manage_insights", "See figures about your Instagram accounts."},
    {"instagram_manage_messages", "Manage conversations on Instagram."},
}};

} // namespace

oauth::scope_catalog const& scopes() {
    static constexpr oauth::scope_catalog catalog{texts};
    return catalog;
}

} // namespace connectd::sandbox::facebook
