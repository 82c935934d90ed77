// The bodies that begin a post, checked as TikTok does (Content Posting API, November 2026): photos that
// TikTok pulls, videos that it pulls or that are sent in chunks. Pure functions, any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace connectd::sandbox::tiktok {

enum class post_kind { photo, video, draft };

struct post_body {
    post_kind kind = post_kind::video;
    std::string title;
    std::string privacy;           // empty for drafts
    std::vector<std::string> urls; // that TikTok pulls from; empty: the bytes are sent
    std::uint64_t size = 0, chunk = 0, chunks = 0;
};

// Or what is wrong with it, for `invalid_params`.
using post_reading = std::variant<post_body, std::string>;

post_reading read_photo(call const& request);
post_reading read_video(call const& request, post_kind kind);

// Whether TikTok takes pictures of that name: JPEG and WebP only.
bool is_supported_picture(std::string_view url);

} // namespace connectd::sandbox::tiktok
