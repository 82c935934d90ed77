#include "platforms/identity.hpp"

#include "platforms/error_table.hpp"
#include "platforms/json_answer.hpp"
#include "platforms/platform_text.hpp"

namespace connectd::platforms {
namespace {

constexpr std::size_t longest_id = 256;
constexpr std::size_t longest_url = 2048;

// An id is a key: it is taken as it is or not at all.
bool is_usable_id(std::string_view id) {
    return !id.empty() && id.size() <= longest_id && platform_text(id, longest_id) == id;
}

} // namespace

std::string usable_avatar_url(std::string_view url) {
    bool const web = url.starts_with("https://") || url.starts_with("http://");
    bool const plain = url.find_first_of(" \"<>\\") == std::string_view::npos;
    if (!web || !plain || url.size() > longest_url || platform_text(url, longest_url) != url) {
        return "";
    }
    return std::string(url);
}

std::optional<identity> identity_in(boost::json::value const& value, identity_places const& places) {
    auto const id = find_text(value, places.id);
    if (!is_usable_id(id)) {
        return std::nullopt;
    }
    identity who;
    who.id = id;
    who.username = platform_text(find_text(value, places.username), longest_platform_name);
    who.display_name = platform_text(find_text(value, places.display_name), longest_platform_name);
    if (who.display_name.empty()) {
        who.display_name = who.username;
    }
    who.avatar_url = usable_avatar_url(find_text(value, places.avatar_url));
    return who;
}

outcome<identity> parse_identity(descriptor const& platform, http::response const& answer) {
    json_answer const body(answer.body);
    if (answer.status < 200 || answer.status >= 300 || body.root() == nullptr) {
        return classify(platform, call_kind::identity, answer, body.root());
    }
    auto const& rules = platform.identity;
    auto who = identity_in(*body.root(), {rules.id, rules.username, rules.display_name, rules.avatar_url});
    if (who) {
        return std::move(*who);
    }
    auto failed = classify(platform, call_kind::identity, answer, body.root());
    // The answer complains of nothing, and there is no id rather than one that is no key.
    bool const absent = failed.code == errc::malformed_answer && failed.platform_error.empty() &&
                        find_text(*body.root(), rules.id).empty();
    if (rules.may_be_absent && absent) {
        failed.what = verdict::refused;
        failed.code = errc::nothing_to_connect;
    }
    return failed;
}

} // namespace connectd::platforms
