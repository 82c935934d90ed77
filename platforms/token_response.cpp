#include "platforms/token_response.hpp"

#include "platforms/error_table.hpp"
#include "platforms/json_answer.hpp"
#include "platforms/platform_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace connectd::platforms {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_token_type = 32;
constexpr std::int64_t longest_lifetime = 10LL * 366 * 86400;

// Seconds as digits, whatever the platform wrote around them: "3600", 3600.0, 3.6e3. Zero and less mean "not
// said", because some platforms send 0 for tokens without an end; beyond ten years is ten years.
std::optional<std::chrono::seconds> to_lifetime(std::string_view text) {
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) {
        return std::nullopt;
    }
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= 1)) {
        return std::nullopt;
    }
    return std::chrono::seconds{
        value >= static_cast<double>(longest_lifetime) ? longest_lifetime : static_cast<std::int64_t>(value)};
}

void add_scopes(std::string_view text, std::string_view separators, std::vector<std::string>& into) {
    while (!text.empty()) {
        auto const end = std::min(text.find_first_of(separators), text.size());
        auto scope = platform_text(text.substr(0, end), longest_platform_scope);
        if (!scope.empty() && into.size() < most_platform_scopes &&
            std::find(into.begin(), into.end(), scope) == into.end()) {
            into.push_back(std::move(scope));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

// `text` with the separators that came percent-encoded as they are: LinkedIn has been seen to send "%2C".
std::string with_plain_separators(std::string_view text, std::string_view separators) {
    std::string plain;
    while (!text.empty()) {
        std::uint8_t byte = 0;
        auto const* digits = text.data() + 1;
        bool const encoded = text.size() >= 3 && text.front() == '%' &&
                             std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
        if (encoded && separators.find(static_cast<char>(byte)) != std::string_view::npos) {
            plain += static_cast<char>(byte);
            text.remove_prefix(3);
        } else {
            plain += text.front();
            text.remove_prefix(1);
        }
    }
    return plain;
}

std::vector<std::string> read_scopes(json::value const& root, token_reply const& reply,
                                     std::string_view separators) {
    std::vector<std::string> scopes;
    for (auto const& pointer : reply.scope) {
        json::error_code error;
        auto const* found = root.find_pointer(pointer, error);
        if (found == nullptr) {
            continue;
        }
        if (auto const* text = found->if_string()) {
            add_scopes(with_plain_separators(*text, separators), separators, scopes);
        } else if (auto const* list = found->if_array()) {
            for (auto const& item : *list) {
                if (auto const* entry = item.if_string()) {
                    add_scopes({entry->data(), entry->size()}, separators, scopes);
                }
            }
        }
        if (!scopes.empty()) {
            break;
        }
    }
    return scopes;
}

token_set read_tokens(descriptor const& platform, json::value const& root, std::string_view access_token) {
    auto const& reply = platform.token.reply;
    token_set tokens;
    tokens.access_token = crypto::secret::copy_of(access_token);
    if (auto const refresh = find_text(root, reply.refresh_token); !refresh.empty()) {
        tokens.refresh_token = crypto::secret::copy_of(refresh);
    }
    tokens.token_type = platform_text(find_text(root, reply.token_type), longest_token_type);
    tokens.expires_in = to_lifetime(find_text(root, reply.expires_in));
    tokens.refresh_expires_in = to_lifetime(find_text(root, reply.refresh_expires_in));
    tokens.scopes = read_scopes(root, reply, platform.scopes.reply_separators);
    for (auto const& [name, pointers] : reply.extras) {
        if (auto const value = find_text(root, pointers); !value.empty()) {
            tokens.extras.emplace_back(name, crypto::secret::copy_of(value));
        }
    }
    return tokens;
}

bool begins_like_json(std::string_view body) {
    auto const first = body.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (body[first] == '{' || body[first] == '[');
}

} // namespace

outcome<token_set> parse_token_response(descriptor const& platform, call_kind call,
                                        http::response const& answer) {
    json_answer const body(answer.body);
    bool const success = answer.status >= 200 && answer.status < 300;
    if (success && body.root() != nullptr) {
        auto const access_token = find_text(*body.root(), platform.token.reply.access_token);
        if (!access_token.empty()) {
            return read_tokens(platform, *body.root(), access_token);
        }
    }
    auto failed = classify(platform, call, answer, body.root());
    if (success && body.root() == nullptr && begins_like_json(answer.body)) {
        failed.what = verdict::unknown_outcome;
        failed.code = errc::malformed_answer;
    }
    return failed;
}

} // namespace connectd::platforms
