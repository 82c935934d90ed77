#include "tools/sandbox/youtube/uploads.hpp"

#include "crypto/random.hpp"
#include "tools/sandbox/json_body.hpp"
#include "tools/sandbox/time_text.hpp"
#include "tools/sandbox/youtube/accounts.hpp"
#include "tools/sandbox/youtube/errors.hpp"
#include "tools/sandbox/youtube/paths.hpp"
#include "tools/sandbox/youtube/resource.hpp"
#include "tools/sandbox/youtube/scopes.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace connectd::sandbox::youtube {
namespace {

constexpr std::size_t most_sessions = 1000;
constexpr std::uint64_t chunk_unit = 256 * 1024;
constexpr std::chrono::hours session_lifetime{24 * 7};

constexpr std::array<std::string_view, 6> video_parts{
    "id", "snippet", "status", "recordingDetails", "localizations", "contentDetails"};
constexpr method_rule insert_videos{oauth::scope_set::of({scope::upload, scope::manage, scope::force_ssl}), 1,
                                    true, true};

reply invalid(std::string_view reason, std::string_view message, std::string_view location) {
    return invalid_argument(reason, message, "youtube.video", location);
}

reply bad_request(std::string message) {
    return error_reply({.code = 400, .reason = "badRequest", .message = std::move(message)});
}

std::size_t length_of_tags(boost::json::object const& body) {
    auto const* const tags = value_at(body, "/snippet/tags");
    std::size_t length = 0;
    if (tags != nullptr && tags->is_array()) {
        for (auto const& tag : tags->get_array())
            length += tag.is_string() ? tag.get_string().size() : 0;
    }
    return length;
}

std::optional<reply> refuse_metadata(boost::json::object const& body) {
    if (!is_plain(text_at(body, "/snippet/title"), 100))
        return invalid("invalidTitle", "The request metadata specifies an invalid or empty video title.",
                       "body.snippet.title");
    if (!is_plain(text_at(body, "/snippet/description"), 5000))
        return invalid("invalidDescription", "The request metadata specifies an invalid video description.",
                       "body.snippet.description");
    if (length_of_tags(body) > 500)
        return invalid("invalidTags", "The request metadata specifies invalid video keywords.",
                       "body.snippet.tags");
    if (!privacy_of(body, "public"))
        return invalid("invalidVideoMetadata", "The request metadata is invalid.", "body.status");
    return std::nullopt;
}

// What the client says of the bytes to come.
struct announcement {
    std::optional<std::uint64_t> length;
    std::optional<reply> refusal{};
};

announcement read_announcement(call const& request) {
    auto const type = request.header("x-upload-content-type").value_or("video/*");
    if (!type.starts_with("video/") && type != "application/octet-stream")
        return {{},
                error_reply({.code = 400,
                             .reason = "badContent",
                             .message = "Media type '" + std::string{type} +
                                        "' is not supported. Valid media types: [application/octet-stream, "
                                        "video/*]"})};
    auto const text = request.header("x-upload-content-length");
    if (!text)
        return {};
    std::uint64_t length = 0;
    auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
    if (error != std::errc{} || end != text->data() + text->size() || length == 0)
        return {{}, bad_request("Invalid value in X-Upload-Content-Length")};
    return {length};
}

// The privacy that a video of this app gets: uploads of projects that were never audited are locked.
std::string allowed_privacy(caller const& by, boost::json::object const& body) {
    bool const audited = by.client && by.client->has_flag("audited");
    return audited ? privacy_of(body, "public").value_or("public") : "private";
}

boost::json::object describe(caller const& by, boost::json::object const& body) {
    auto const title = text_at(body, "/snippet/title");
    return {{"kind", "youtube#video"},
            {"snippet", boost::json::object{{"channelId", channel_id(*by.who)},
                                            {"title", title.empty() ? "unknown" : title},
                                            {"description", text_at(body, "/snippet/description")},
                                            {"channelTitle", by.who->display_name}}},
            {"status", boost::json::object{{"uploadStatus", "uploaded"},
                                           {"privacyStatus", allowed_privacy(by, body)},
                                           {"license", "youtube"},
                                           {"embeddable", true}}}};
}

} // namespace

reply uploads::open(call const& request, sys_ms now) {
    auto entered = gate_.enter(request, insert_videos, now);
    if (auto* const refusal = std::get_if<reply>(&entered))
        return std::move(*refusal);
    auto const& by = std::get<caller>(entered);
    auto reading = read_resource(request, video_parts);
    if (auto* const refusal = std::get_if<reply>(&reading))
        return std::move(*refusal);
    auto const& wanted = std::get<resource>(reading);
    if (wanted.query.get("uploadType") != "resumable")
        return bad_request("Upload type must be resumable.");
    if (auto refusal = refuse_metadata(wanted.body))
        return std::move(*refusal);
    auto announced = read_announcement(request);
    if (announced.refusal)
        return std::move(*announced.refusal);
    if (by.who->has_trait("youtube_upload_limit"))
        return invalid("uploadLimitExceeded", "The user has exceeded the number of videos they may upload.",
                       "body");
    if (auto refusal = gate_.charge(by, insert_videos, now))
        return std::move(*refusal);

    auto const id = crypto::random_token(48);
    {
        std::lock_guard const lock{mutex_};
        if (sessions_.size() >= most_sessions)
            sessions_.pop_front();
        sessions_.push_back({id, by.allowed.person, describe(by, wanted.body), announced.length, 0, now});
    }
    reply answer{200, "", {}, ""};
    answer.headers.emplace_back("Location", public_url_ + std::string{upload_path} +
                                                "?uploadType=resumable&upload_id=" + id);
    answer.headers.emplace_back("X-GUploader-UploadID", id);
    return answer;
}

reply uploads::put(call const& request, sys_ms now) {
    auto const query = form::parse(request.query);
    auto const size = std::uint64_t{request.body.size()};
    std::lock_guard const lock{mutex_};
    auto* const at = query ? find(query->get("upload_id"), now) : nullptr;
    if (at == nullptr)
        return plain_error(404);
    auto const header = request.header("content-range");
    if (!header)
        return size == 0 ? bad_request("The upload is empty.")
                         : take(*at, {{{0, size - 1}}, size}, size, now);
    auto const range = read_content_range(*header);
    if (!range)
        return bad_request("Failed to parse Content-Range header.");
    return take(*at, *range, size, now);
}

reply uploads::take(session& at, content_range const& range, std::uint64_t size, sys_ms now) {
    if (range.total && at.total && *range.total != *at.total)
        return bad_request("Content-Range names another length than the upload has.");
    if (!range.bytes || at.complete)
        return standing(at);
    if (range.bytes->size() != size)
        return bad_request("Content-Range does not fit the body.");
    if (range.bytes->first != at.received)
        return bad_request("The bytes do not begin where the upload stands.");
    auto const total = range.total ? range.total : at.total;
    bool const last = total && range.bytes->last + 1 == *total;
    if (!last && size % chunk_unit != 0)
        return bad_request(
            "Invalid request.  The number of bytes uploaded is required to be equal or greater "
            "than 262144, except for the final request (it's recommended to be the exact "
            "multiple of 262144).  The received request contained " +
            std::to_string(size) + " bytes, which does not meet this requirement.");
    at.total = total;
    at.received += size;
    return last ? finish(at, now) : standing(at);
}

// 308 means "go on"; without a Range nothing has arrived.
reply uploads::standing(session const& at) const {
    if (at.complete)
        return json_reply(200, at.video);
    reply answer{308, "", {}, ""};
    if (at.received > 0)
        answer.headers.emplace_back("Range", "bytes=0-" + std::to_string(at.received - 1));
    return answer;
}

reply uploads::finish(session& at, sys_ms now) {
    auto const id = made_up_id("", "video " + std::to_string(posts_.number(now)), 11);
    auto const title = text_at(at.video, "/snippet/title");
    at.video.emplace("id", id);
    at.video.emplace("etag", made_up_id("", "etag of " + id, 27));
    at.video.at("snippet").get_object().emplace("publishedAt", format_time(now));
    at.complete = true;
    posts_.add({id, at.author, title, {{"kind", "video"}, {"bytes", at.received}}, now});
    events_.event("youtube", "post_created", id, 0, now);
    return json_reply(200, at.video);
}

uploads::session* uploads::find(std::string_view id, sys_ms now) {
    auto const found = std::ranges::find(sessions_, id, &session::id);
    return found == sessions_.end() || now >= found->opened_at + session_lifetime ? nullptr : &*found;
}

void uploads::clear() {
    std::lock_guard const lock{mutex_};
    sessions_.clear();
}

} // namespace connectd::sandbox::youtube
