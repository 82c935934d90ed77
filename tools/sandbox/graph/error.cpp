#include "tools/sandbox/graph/error.hpp"

#include "crypto/random.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::graph {
namespace {

struct known {
    int code;
    int subcode;
    unsigned status;
    std::string_view message;
    std::string_view user_title = {};
    bool transient = false;
};

constexpr std::string_view abusive =
    "The action attempted has been deemed abusive or is otherwise disallowed";

// The first row of a code without a subcode stands for all of its subcodes that have no row.
constexpr std::array<known, 47> table{{
    {1, 0, 500, "An unknown error has occurred."},
    {2, 0, 500, "An unexpected error has occurred. Please retry your request later.", {}, true},
    {3, 0, 400, "(#3) Application does not have the capability to make this API call."},
    {4, 0, 403, "(#4) Application request limit reached"},
    {4, 2207051, 403, "Application request limit reached", "Action is blocked"},
    {9, 0, 400, "(#9) Application request limit reached"},
    {9, 2207042, 403, "Application request limit reached", "You reached maximum number of posts"},
    {10, 0, 403, "(#10) Application does not have permission for this action"},
    {17, 0, 400, "(#17) User request limit reached"},
    {24, 0, 400, "The requested resource does not exist"},
    {24, 2207006, 400, "The requested resource does not exist", "Media Not Found"},
    {24, 4279009, 400, "The requested resource does not exist", "Media Not Found"},
    {25, 0, 400, "The user account is restricted"},
    {25, 2207050, 400, "The user account is restricted", "Instagram account is restricted"},
    {32, 0, 403, "(#32) Page request limit reached"},
    {100, 0, 400, "(#100) Invalid parameter"},
    {101, 0, 400, "Error validating application. Cannot get application info due to a system error."},
    {102, 0, 400, "Session key invalid or no longer valid"},
    {104, 0, 400, "An access token is required to request this resource."},
    {190, 0, 400, "Invalid OAuth access token - Cannot parse access token"},
    {190, 458, 400, "Error validating access token: The user has not authorized this application."},
    {190, 459, 400,
     "Error validating access token: You cannot access the app till you log in to www.facebook.com and "
     "follow "
     "the instructions given."},
    {190, 460, 400,
     "Error validating access token: The session has been invalidated because the user changed their "
     "password "
     "or Facebook has changed the session for security reasons."},
    {190, 463, 400, "Error validating access token: Session has expired."},
    {190, 464, 400,
     "Error validating access token: Sessions for the user are not allowed because the user is not a "
     "confirmed user."},
    {190, 467, 400,
     "Error validating access token: This may be because the user logged out or may be due to a system "
     "error."},
    {190, 483, 400, "Error validating access token: The user's consent for this application is blocked."},
    {190, 492, 400,
     "Error validating access token: The user must be an administrator, editor, or moderator of the page in "
     "order to impersonate it."},
    {190, 493, 400, "Error validating access token: The user has not logged in for 90 days."},
    {200, 0, 403, "(#200) Permissions error"},
    {341, 0, 400, "(#341) Feed action request limit reached"},
    {368, 0, 400, abusive},
    {368, 1390008, 400, abusive, "You Can't Use This Feature Right Now"},
    {368, 1404078, 400, abusive, "Publishing authorization is needed"},
    {368, 1404082, 400, abusive, "Duplicate post"},
    {368, 4854002, 400, abusive, "Confirm the identity of your Page"},
    {506, 0, 400, "(#506) Duplicate status message"},
    {613, 0, 400, "(#613) Calls to this api have exceeded the rate limit."},
    {2500, 0, 400, "An active access token must be used to query information about the current user."},
    {9004, 2207052, 400, "Only photo or video can be accepted as media type.", "Media download has failed"},
    {9007, 2207027, 400, "Media ID is not available", "The media is not ready to be published"},
    {36001, 2207005, 400, "The image format is not supported", "Unsupported format"},
    {36004, 2207010, 400, "The caption is too long", "Caption is too long"},
    {36103, 2207040, 400, "The caption has too many hashtags", "Too many hashtags"},
    {80001, 0, 400, "There have been too many calls to this Page account. Wait a bit and try again."},
    {80002, 0, 400, "There have been too many calls to this Instagram account. Wait a bit and try again."},
    {4279013, 0, 400, "The user is restricted"},
}};

std::string_view challenge_of(graph_error const& error) {
    if (!error.challenge.empty())
        return error.challenge;
    if (tells_dead_token(error))
        return "invalid_token";
    return error.status == 403 ? "insufficient_scope" : "invalid_request";
}

// A quoted string holds no quotes, and headers hold printable ASCII only.
std::string quotable(std::string_view text) {
    std::string kept{text};
    std::ranges::replace_if(kept, [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; }, '?');
    return kept;
}

known const* find(int code, int subcode) {
    auto const found = std::ranges::find_if(
        table, [&](known const& each) { return each.code == code && each.subcode == subcode; });
    return found == table.end() ? nullptr : found;
}

} // namespace

reply error_reply(graph_error const& error) {
    boost::json::object body{{"message", error.message}, {"type", error.type}, {"code", error.code}};
    if (error.subcode != 0)
        body["error_subcode"] = error.subcode;
    if (error.transient || !error.user_title.empty())
        body["is_transient"] = error.transient;
    if (!error.user_title.empty())
        body["error_user_title"] = error.user_title;
    if (!error.user_message.empty())
        body["error_user_msg"] = error.user_message;
    body["fbtrace_id"] = "A" + crypto::random_token(8);
    auto answer = json_reply(error.status, boost::json::object{{"error", std::move(body)}},
                             "application/json; charset=UTF-8");
    if (error.type == "OAuthException")
        answer.headers.emplace_back("WWW-Authenticate", "OAuth \"Facebook Platform\" \"" +
                                                            std::string{challenge_of(error)} + "\" \"" +
                                                            quotable(error.message) + "\"");
    answer.headers.emplace_back("Cache-Control", "no-store");
    return answer;
}

graph_error known_error(int code, int subcode) {
    auto const* row = find(code, subcode);
    if (row == nullptr)
        row = find(code, 0);
    graph_error error;
    error.code = code;
    error.subcode = subcode;
    if (row == nullptr) {
        bool const permission = code > 200 && code < 300;
        error.status = permission ? 403 : 400;
        error.message =
            "(#" + std::to_string(code) + ") " + (permission ? "Requires extended permission" : "Error");
        return error;
    }
    error.message = row->message;
    error.status = row->status;
    error.transient = row->transient;
    error.user_title = row->user_title;
    error.user_message = row->user_title.empty() ? "" : std::string{row->message} + ".";
    return error;
}

graph_error bad_parameter(std::string_view what) {
    auto error = known_error(100);
    error.message = "(#100) " + std::string{what};
    return error;
}

graph_error unsupported(std::string_view method, std::string_view id, std::string_view type) {
    auto error = known_error(100, 33);
    error.type = type;
    error.message = "Unsupported " + lower_case(method) + " request. Object with ID '" + std::string{id} +
                    "' does not exist, cannot be loaded due to missing permissions, or does not support this "
                    "operation. Please read the Graph API documentation at "
                    "https://developers.facebook.com/docs/graph-api";
    return error;
}

bool tells_dead_token(graph_error const& error) noexcept {
    return error.code == 190 || error.code == 102;
}

bool tells_throttling(graph_error const& error) noexcept {
    constexpr std::array<int, 7> codes{4, 17, 32, 341, 613, 80001, 80002};
    return std::ranges::find(codes, error.code) != codes.end();
}

} // namespace connectd::sandbox::graph
