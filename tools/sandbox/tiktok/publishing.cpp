#include "tools/sandbox/tiktok/publishing.hpp"

#include "tools/sandbox/content_range.hpp"
#include "tools/sandbox/form.hpp"
#include "tools/sandbox/json_body.hpp"
#include "tools/sandbox/pictures.hpp"
#include "tools/sandbox/tiktok/rules.hpp"
#include "tools/sandbox/tiktok/words.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace connectd::sandbox::tiktok {
namespace {

constexpr std::chrono::seconds minute{60};
constexpr rate_limit creator_per_token{2, 20, minute};
constexpr rate_limit posts_per_token{3, 6, minute};
constexpr rate_limit status_per_token{4, 30, minute};

constexpr std::size_t most_publications = 1000;
constexpr std::size_t most_pending_drafts = 5;
constexpr std::chrono::hours draft_window{24};
constexpr std::chrono::hours upload_lifetime{1};
constexpr std::chrono::seconds pulling_time{5};

// TikTok answers what looks like spam with 200.
reply spam(std::string_view code, sys_ms now) {
    return api_error(200, code, "The request is blocked because it looks like spam.", now);
}

std::vector<std::string_view> options_of(person const& who) {
    if (who.has_trait("tiktok_public_account"))
        return {"PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"};
    return {"FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"};
}

std::string_view host_of(std::string_view url) {
    auto const start = url.find("://") + 3;
    return url.substr(start, url.find_first_of("/:?", start) - start);
}

// A domain counts as verified when the app's redirects go there, or to one below it.
bool owns(oauth::app const& client, std::string_view url) {
    if (client.has_flag("verified_media"))
        return true;
    auto const host = host_of(url);
    return std::ranges::any_of(client.redirect_uris, [&](std::string const& redirect) {
        auto const own = host_of(redirect);
        return host == own || host.ends_with("." + std::string{own});
    });
}

scope needed_for(post_kind kind) {
    return kind == post_kind::draft ? scope::video_upload : scope::video_publish;
}

} // namespace

reply publishing::creator_info(call const& request, sys_ms now) {
    auto const entered = gate_.enter(request, creator_per_token, limited_by::token, now);
    if (auto const* const refused = std::get_if<reply>(&entered))
        return *refused;
    auto const& by = std::get<oauth::access>(entered);
    if (!by.scopes.has(scope::video_publish))
        return scope_not_authorized(now);
    auto const who = people_.at(by.person);
    auto const options = options_of(*who);
    return api_success({{"creator_username", username_of(*who)},
                        {"creator_nickname", who->display_name},
                        {"creator_avatar_url", picture_url(public_url_, *who)},
                        {"privacy_level_options", boost::json::array(options.begin(), options.end())},
                        {"comment_disabled", false},
                        {"duet_disabled", false},
                        {"stitch_disabled", true},
                        {"max_video_post_duration_sec", 300}},
                       now);
}

reply publishing::begin_photo(call const& request, sys_ms now) {
    return begin(request, read_photo(request), now);
}

reply publishing::begin_video(call const& request, post_kind kind, sys_ms now) {
    return begin(request, read_video(request, kind), now);
}

reply publishing::begin(call const& request, post_reading reading, sys_ms now) {
    auto const entered = gate_.enter(request, posts_per_token, limited_by::token, now);
    if (auto const* const refused = std::get_if<reply>(&entered))
        return *refused;
    auto const& by = std::get<oauth::access>(entered);
    if (auto const* const problem = std::get_if<std::string>(&reading))
        return api_error(400, "invalid_params", *problem, now);
    auto& wanted = std::get<post_body>(reading);
    if (!by.scopes.has(needed_for(wanted.kind)))
        return scope_not_authorized(now);
    if (auto refusal = refuse(by, wanted, now))
        return std::move(*refusal);

    auto const number = posts_.number(now);
    bool const sent = wanted.urls.empty();
    auto const id = (sent ? "v_pub_file~v2." : "p_pub_url~v2.") + std::to_string(number);
    boost::json::object data{{"publish_id", id}};
    if (sent)
        data["upload_url"] = public_url_ + "/upload?upload_id=" + std::to_string(number);
    posts_.add({id, by.person, wanted.title, {{"privacy_level", wanted.privacy}}, now});
    events_.event("tiktok", "post_created", id, by.grant, now);
    std::lock_guard const lock{mutex_};
    if (begun_.size() >= most_publications)
        begun_.pop_front();
    begun_.push_back({id, number, by, std::move(wanted), now});
    return api_success(std::move(data), now);
}

std::optional<reply> publishing::refuse(oauth::access const& by, post_body const& wanted, sys_ms now) {
    auto const who = people_.at(by.person);
    if (who->has_trait("tiktok_banned"))
        return spam("spam_risk_user_banned_from_posting", now);
    if (who->has_trait("tiktok_posted_enough"))
        return spam("spam_risk_too_many_posts", now);
    auto const client = apps_.find(by.client_id);
    if (client && client->has_flag("user_cap_reached"))
        return api_error(403, "reached_active_user_cap", "The daily quota for active users is reached.", now);
    if (client && !std::ranges::all_of(wanted.urls, [&](auto const& url) { return owns(*client, url); }))
        return api_error(403, "url_ownership_unverified", "The ownership of the URL is not verified.", now);
    if (wanted.kind == post_kind::draft)
        return pending_drafts(by.person, now) < most_pending_drafts
                   ? std::nullopt
                   : std::optional{spam("spam_risk_too_many_pending_share", now)};
    auto const options = options_of(*who);
    if (std::ranges::find(options, wanted.privacy) == options.end())
        return api_error(403, "privacy_level_option_mismatch", "The privacy level is none of the options.",
                         now);
    bool const audited = client && client->has_flag("audited");
    if (!audited && (wanted.privacy != "SELF_ONLY" || who->has_trait("tiktok_public_account")))
        return api_error(403, "unaudited_client_can_only_post_to_private_accounts",
                         "Unaudited clients can only post to a private account.", now);
    return std::nullopt;
}

std::size_t publishing::pending_drafts(person_ref author, sys_ms now) {
    std::lock_guard const lock{mutex_};
    return static_cast<std::size_t>(std::ranges::count_if(begun_, [&](publication const& each) {
        return each.body.kind == post_kind::draft && each.by.person == author &&
               now < each.begun_at + draft_window;
    }));
}

// 206 for a chunk, 201 for the last one.
reply publishing::upload(call const& request, sys_ms now) {
    auto const query = form::parse(request.query);
    auto const range = read_content_range(request.header("content-range").value_or(""));
    std::lock_guard const lock{mutex_};
    auto const at = std::ranges::find_if(begun_, [&](publication const& each) {
        return query && each.body.urls.empty() && query->get("upload_id") == std::to_string(each.number);
    });
    if (at == begun_.end())
        return {404, "", {}, ""};
    if (now >= at->begun_at + upload_lifetime)
        return {403, "", {}, ""};
    auto const type = request.header("content-type").value_or("");
    if (type != "video/mp4" && type != "video/quicktime" && type != "video/webm")
        return {415, "", {}, ""};
    if (!range || !range->bytes || range->bytes->size() != request.body.size() ||
        range->total != at->body.size)
        return {400, "", {}, ""};
    auto const index = at->received / at->body.chunk;
    bool const last = index + 1 == at->body.chunks;
    auto const due = last ? at->body.size - at->received : at->body.chunk;
    if (range->bytes->first != at->received || request.body.size() != due)
        return {416, "", {}, ""};
    at->received += due;
    return {last ? 201U : 206U, "", {{"Content-Range", std::string{*request.header("content-range")}}}, ""};
}

reply publishing::status(call const& request, sys_ms now) {
    auto const entered = gate_.enter(request, status_per_token, limited_by::token, now);
    if (auto const* const refused = std::get_if<reply>(&entered))
        return *refused;
    auto const& by = std::get<oauth::access>(entered);
    auto const body = read_json_body(request);
    auto const id = body ? text_at(*body, "/publish_id") : std::string{};
    std::lock_guard const lock{mutex_};
    auto const at = std::ranges::find_if(begun_, [&](publication const& each) {
        return each.id == id && each.by.person == by.person && each.by.client_id == by.client_id;
    });
    if (at == begun_.end())
        return api_error(400, "invalid_publish_id", "The publish id does not exist.", now);
    auto const& wanted = at->body;
    if (!at->has_all_bytes())
        return api_success({{"status", "PROCESSING_UPLOAD"}, {"uploaded_bytes", at->received}}, now);
    if (!wanted.urls.empty() && now < at->begun_at + pulling_time)
        return api_success({{"status", "PROCESSING_DOWNLOAD"}, {"downloaded_bytes", 0}}, now);
    if (wanted.kind == post_kind::photo && !std::ranges::all_of(wanted.urls, is_supported_picture))
        return api_success({{"status", "FAILED"}, {"fail_reason", "file_format_check_failed"}}, now);
    if (wanted.kind == post_kind::draft)
        return api_success({{"status", "SEND_TO_USER_INBOX"}}, now);
    // The name is TikTok's spelling, and the ids are numbers beyond 2^53.
    return api_success(
        {{"status", "PUBLISH_COMPLETE"}, {"publicaly_available_post_id", boost::json::array{at->number}}},
        now);
}

void publishing::clear() {
    std::lock_guard const lock{mutex_};
    begun_.clear();
}

} // namespace connectd::sandbox::tiktok
