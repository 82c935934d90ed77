#include "tools/sandbox/youtube/scopes.hpp"

#include <array>

namespace connectd::sandbox::youtube {
namespace {

// By the value of `scope`.
constexpr std::array<oauth::scope_text, 8> texts{{
    {"https://www.googleapis.com/auth/youtube.upload", "Upload videos to your channel."},
    {"https://www.googleapis.com/auth/youtube.readonly", "See your channel, private parts too."},
    {"https://www.googleapis.com/auth/youtube", "Manage your channel."},
    {"https://www.googleapis.com/auth/youtube.force-ssl", "Manage your videos, comments and captions."},
    {"https://www.googleapis.com/auth/yt-analytics.readonly", "See the reports about your channel."},
    {"https://www.googleapis.com/auth/userinfo.email", "See your e-mail address."},
    {"https://www.googleapis.com/auth/userinfo.profile", "See your name and picture."},
    {"openid", "Know who you are at Google."},
}};

} // namespace

oauth::scope_catalog const& scopes() {
    static constexpr oauth::scope_catalog catalog{texts};
    return catalog;
}

oauth::scope_reading read_scopes(std::string_view text) {
    std::string named;
    while (true) {
        auto const end = text.find(' ');
        auto const name = text.substr(0, end);
        named += name == "email"     ? texts[static_cast<std::size_t>(scope::email)].name
                 : name == "profile" ? texts[static_cast<std::size_t>(scope::profile)].name
                                     : name;
        if (end == std::string_view::npos)
            return scopes().read(named, ' ');
        named += ' ';
        text.remove_prefix(end + 1);
    }
}

} // namespace connectd::sandbox::youtube
