#include "tools/sandbox/pinterest/board_api.hpp"

#include "server/http/json.hpp"
#include "tools/sandbox/form.hpp"
#include "tools/sandbox/pinterest/account.hpp"
#include "tools/sandbox/pinterest/errors.hpp"
#include "tools/sandbox/pinterest/pin_body.hpp"
#include "tools/sandbox/pinterest/rules.hpp"
#include "tools/sandbox/time_text.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace connectd::sandbox::pinterest {
namespace {

constexpr auto reading_boards = oauth::scope_set::of({scope::boards_read});
constexpr auto writing_boards = oauth::scope_set::of({scope::boards_read, scope::boards_write});
constexpr auto reading_pins = oauth::scope_set::of({scope::boards_read, scope::pins_read});
constexpr auto writing_pins =
    oauth::scope_set::of({scope::boards_read, scope::boards_write, scope::pins_read, scope::pins_write});

constexpr std::string_view trial_refusal =
    "Apps with Trial access may not create Pins in production https://api.pinterest.com - use API Sandbox "
    "https://api-sandbox.pinterest.com instead.";

struct board_body {
    std::string name;
    std::optional<std::string> description, privacy;
};
BOOST_DESCRIBE_STRUCT(board_body, (), (name, description, privacy))

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t read = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{read} : std::nullopt;
}

} // namespace

boost::json::object board_api::show(board const& each, person_ref owner) const {
    boost::json::object const theirs{{"username", account_username(*people_.at(owner))}};
    return {{"id", each.id},           {"name", each.name},   {"description", each.description},
            {"privacy", each.privacy}, {"owner", theirs},     {"created_at", format_time(each.created_at)},
            {"pin_count", 0},          {"follower_count", 0}, {"collaborator_count", 0}};
}

reply board_api::list_boards(call const& request, sys_ms now) {
    return gate_.enter(request, category::org_read, reading_boards, now,
                       [&](passed const& with) { return list(request, with, now); });
}

// The bookmark is the number of boards that were shown; clients take it as it is.
reply board_api::list(call const& request, passed const& with, sys_ms now) {
    auto const query = form::parse(request.query);
    if (!query)
        return invalid_request("the query is malformed");
    auto const size = query->has("page_size") ? number(query->get("page_size")) : 25;
    if (!size || *size < 1 || *size > 250)
        return invalid_request("page_size must be 1 to 250");
    auto const bookmark = query->get("bookmark");
    auto const shown = bookmark.empty() ? std::optional<std::uint64_t>{0} : number(bookmark);
    if (!shown)
        return invalid_request("bookmark is none of ours");
    auto const all = boards_.list(with.caller.person, now);
    boost::json::array items;
    auto next = *shown;
    for (; next < all.size() && items.size() < *size; ++next) {
        auto const& each = all[next];
        if (each.privacy != "SECRET" || with.caller.scopes.has(scope::boards_read_secret))
            items.push_back(show(each, with.caller.person));
    }
    boost::json::object body{{"items", std::move(items)}, {"bookmark", nullptr}};
    if (next < all.size())
        body["bookmark"] = std::to_string(next);
    return json_reply(200, body, "application/json");
}

reply board_api::create_board(call const& request, sys_ms now) {
    return gate_.enter(request, category::org_write, writing_boards, now,
                       [&](passed const& with) { return create(request, with, now); });
}

reply board_api::create(call const& request, passed const& with, sys_ms now) {
    auto const wanted = server::http::decode_json<board_body>(request.body);
    if (!wanted || wanted->name.empty() || !request.has_content_type("application/json"))
        return invalid_request("a board needs a name and may have description and privacy");
    auto const privacy = wanted->privacy.value_or("PUBLIC");
    if (privacy != "PUBLIC" && privacy != "PROTECTED" && privacy != "SECRET")
        return invalid_request("privacy is none of PUBLIC, PROTECTED, SECRET");
    if (privacy == "SECRET" && !with.caller.scopes.has(scope::boards_write_secret))
        return not_permitted();
    auto const made = boards_.create(with.caller.person,
                                     {{}, wanted->name, wanted->description.value_or(""), privacy, now}, now);
    if (!made)
        return failure(400, 58, "You already have a board with this name.");
    return json_reply(201, show(*made, with.caller.person), "application/json");
}

reply board_api::create_pin(call const& request, sys_ms now) {
    return gate_.enter(request, category::org_write, writing_pins, now,
                       [&](passed const& with) { return pin(request, with, now); });
}

reply board_api::pin(call const& request, passed const& with, sys_ms now) {
    if (with.client->has_flag(no_pin_edit_flag))
        return restricted_feature("pin_edit");
    if (with.client->has_flag(trial_flag))
        return failure(403, 29, trial_refusal);
    if (!request.has_content_type("application/json"))
        return invalid_request("the body is no JSON object");
    auto body = read_pin_body(request.body);
    if (body.refusal)
        return std::move(*body.refusal);
    auto pinned = std::move(body.content);
    auto const board_id = std::string{pinned.at("board_id").get_string()};
    auto const on = boards_.find(with.caller.person, board_id, now);
    if (!on)
        return board_not_found();
    if (on->privacy == "SECRET" && !with.caller.scopes.has(scope::pins_write_secret))
        return not_permitted();

    auto const id = std::to_string(posts_.number(now));
    auto const source = pinned.at("media_source").get_object();
    pinned.erase("media_source");
    pinned["id"] = id;
    pinned["created_at"] = format_time(now);
    pinned["creative_type"] = source.at("source_type") == "video_id" ? "VIDEO" : "REGULAR";
    pinned["board_owner"] =
        boost::json::object{{"username", account_username(*people_.at(with.caller.person))}};
    pinned["media"] =
        boost::json::object{{"media_type", source.at("source_type") == "video_id" ? "video" : "image"}};
    auto const* const title = pinned.if_contains("title");
    posts_.add({.id = id,
                .author = with.caller.person,
                .text = title != nullptr && title->is_string() ? std::string{title->get_string()} : "",
                .details = {{"pin", pinned}, {"media_source", source}},
                .created_at = now});
    events_.event("pinterest", "post_created", id, with.caller.grant, now);
    return json_reply(201, pinned, "application/json");
}

reply board_api::show_pin(call const& request, sys_ms now) {
    return gate_.enter(request, category::org_read, reading_pins, now, [&](passed const& with) {
        auto const id = request.path.substr(request.path.rfind('/') + 1);
        auto const found = posts_.find(id);
        if (!found || found->author != with.caller.person)
            return failure(404, 50, "Pin not found.");
        return json_reply(200, found->details.at("pin"), "application/json");
    });
}

} // namespace connectd::sandbox::pinterest
