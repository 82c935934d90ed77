// Where everything is: Google's hosts behind one origin, each path as it is there.
#pragma once

#include <string_view>

namespace connectd::sandbox::youtube {

constexpr std::string_view authorize_path = "/o/oauth2/v2/auth"; // accounts.google.com
constexpr std::string_view discovery_path = "/.well-known/openid-configuration";
constexpr std::string_view token_path = "/token"; // oauth2.googleapis.com
constexpr std::string_view revoke_path = "/revoke";
constexpr std::string_view tokeninfo_path = "/tokeninfo";
constexpr std::string_view userinfo_path = "/v1/userinfo"; // openidconnect.googleapis.com
constexpr std::string_view keys_path = "/oauth2/v3/certs"; // www.googleapis.com, as all below
constexpr std::string_view channels_path = "/youtube/v3/channels";
constexpr std::string_view playlists_path = "/youtube/v3/playlists";
constexpr std::string_view comments_path = "/youtube/v3/commentThreads";
constexpr std::string_view upload_path = "/upload/youtube/v3/videos";

} // namespace connectd::sandbox::youtube
