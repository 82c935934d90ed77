#include "tools/sandbox/instagram/scopes.hpp"

#include <array>

namespace connectd::sandbox::instagram {
namespace {

// By the value of `scope`.
constexpr std::array<oauth::scope_text, 5> texts{{
    {"instagram_business_basic", "See your profile and what you published."},
    {"instagram_business_content_publish", "Publish for you."},
    {"instagram_business_manage_comments", "Answer comments for you."},
    {"instagram_business_manage_messages", "Manage your conversations."},
    {"instagram_business_manage_insights", "See figures about your account."},
}};

} // namespace

oauth::scope_catalog const& scopes() {
    static constexpr oauth::scope_catalog catalog{texts};
    return catalog;
}

} // namespace connectd::sandbox::instagram
