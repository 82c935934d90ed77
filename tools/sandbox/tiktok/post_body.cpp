#include "tools/sandbox/tiktok/post_body.hpp"

#include "tools/sandbox/json_body.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace connectd::sandbox::tiktok {
namespace {

constexpr std::uint64_t megabyte = 1'000'000;
constexpr std::size_t most_pictures = 35;

std::uint64_t size_at(boost::json::object const& body, std::string_view pointer) {
    auto const number = number_at(body, pointer).value_or(0);
    return number < 0 ? 0 : static_cast<std::uint64_t>(number);
}

// Chunks of 5 to 64 MB, the last one up to twice that; a video below 5 MB is one chunk.
bool fits(post_body const& video) {
    if (video.size == 0 || video.chunk == 0)
        return false;
    if (video.size < 5 * megabyte || video.chunk == video.size)
        return video.chunk == video.size && video.chunks == 1 && video.size <= 64 * megabyte;
    return video.chunk >= 5 * megabyte && video.chunk <= 64 * megabyte && video.chunks <= 1000 &&
           video.chunks == std::max<std::uint64_t>(1, video.size / video.chunk);
}

bool is_url(std::string_view text) {
    return text.starts_with("https://") && text.size() > 8;
}

} // namespace

post_reading read_photo(call const& request) {
    auto const body = read_json_body(request);
    if (!body)
        return std::string{"The request body is not a JSON object"};
    auto const mode = text_at(*body, "/post_mode");
    if (text_at(*body, "/media_type") != "PHOTO")
        return std::string{"media_type is invalid"};
    if (mode != "DIRECT_POST" && mode != "MEDIA_UPLOAD")
        return std::string{"post_mode is invalid"};
    if (text_at(*body, "/source_info/source") != "PULL_FROM_URL")
        return std::string{"Photos support PULL_FROM_URL only"};
    auto const* const images = value_at(*body, "/source_info/photo_images");
    post_body read{mode == "DIRECT_POST" ? post_kind::photo : post_kind::draft,
                   text_at(*body, "/post_info/title"),
                   text_at(*body, "/post_info/privacy_level"),
                   {}};
    if (images != nullptr && images->is_array()) {
        for (auto const& each : images->get_array())
            read.urls.emplace_back(each.is_string() ? std::string_view{each.get_string()} : "");
    }
    if (read.urls.empty() || read.urls.size() > most_pictures || !std::ranges::all_of(read.urls, is_url))
        return std::string{"photo_images must be 1 to 35 https URLs"};
    auto const cover = number_at(*body, "/source_info/photo_cover_index").value_or(-1);
    if (cover < 0 || cover >= static_cast<std::int64_t>(read.urls.size()))
        return std::string{"photo_cover_index is invalid"};
    return read;
}

post_reading read_video(call const& request, post_kind kind) {
    auto const body = read_json_body(request);
    if (!body)
        return std::string{"The request body is not a JSON object"};
    post_body read{kind, text_at(*body, "/post_info/title"), text_at(*body, "/post_info/privacy_level"), {}};
    auto const source = text_at(*body, "/source_info/source");
    if (source == "PULL_FROM_URL") {
        read.urls.push_back(text_at(*body, "/source_info/video_url"));
        return is_url(read.urls.front()) ? post_reading{read}
                                         : post_reading{std::string{"video_url is invalid"}};
    }
    if (source != "FILE_UPLOAD")
        return std::string{"source_info.source is invalid"};
    read.size = size_at(*body, "/source_info/video_size");
    read.chunk = size_at(*body, "/source_info/chunk_size");
    read.chunks = size_at(*body, "/source_info/total_chunk_count");
    return fits(read) ? post_reading{read} : post_reading{std::string{"The total chunk count is invalid"}};
}

bool is_supported_picture(std::string_view url) {
    auto const path = url.substr(0, url.find_first_of("?#"));
    return path.ends_with(".jpg") || path.ends_with(".jpeg") || path.ends_with(".webp");
}

} // namespace connectd::sandbox::tiktok
