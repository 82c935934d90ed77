// What the tests of platforms/ share: answers, the built-in platforms, and how a failure prints.
#pragma once

#include "platforms/catalog.hpp"
#include "platforms/descriptor_parse.hpp"
#include "platforms/error.hpp"
#include "platforms/http/message.hpp"
#include "tests/support/platforms_printing.hpp"

#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace connectd::platforms {

inline std::ostream& boost_test_print_type(std::ostream& out, verdict value) {
    constexpr char const* names[] = {"refused", "operator_fault", "temporary", "unknown_outcome"};
    return out << names[static_cast<std::size_t>(value)];
}

} // namespace connectd::platforms

namespace connectd::tests {

inline platforms::http::response reply(unsigned status, std::string body,
                                       platforms::http::header_list headers = {}) {
    platforms::http::response made;
    made.status = status;
    made.headers = std::move(headers);
    made.body = std::move(body);
    return made;
}

inline platforms::descriptor const& built_in(std::string_view name) {
    static auto const catalog = platforms::built_in_catalog();
    auto const* found = catalog.find(name);
    if (found == nullptr) {
        throw std::logic_error("no such built-in platform");
    }
    return *found;
}

// A platform as an operator would write it. Throws with the first problem when the file is not valid.
inline platforms::descriptor parsed(std::string_view json) {
    auto read = platforms::parse_descriptor(json, "test.json");
    if (!read.problems.empty()) {
        throw std::logic_error(platforms::to_string(read.problems.front()));
    }
    return std::move(read.parsed);
}

// The value of a header, by exact name; empty when there is none.
inline std::string header(platforms::http::request const& request, std::string_view name) {
    for (auto const& [key, value] : request.headers) {
        if (key == name) {
            return value;
        }
    }
    return "";
}

// An invented platform that differs from the usual in everything an operator can say: body authentication,
// comma scopes, other names for every field, another shape of answers and errors.
inline constexpr std::string_view made_up_platform = R"({
  "comment": "Chirp, an invented network",
  "name": "chirp",
  "title": "Chirp",
  "aliases": ["chirper"],
  "endpoints": {
    "authorize_url": "https://chirp.example/dialog?v=3",
    "token_url": "https://api.chirp.example/token/",
    "refresh_url": "https://api.chirp.example/renew",
    "revoke_url": "https://api.chirp.example/forget",
    "identity_url": "https://api.chirp.example/v3/self",
    "long_lived_url": "https://api.chirp.example/longer",
    "candidates_url": "{api_base}/nests",
    "api_base": "https://api.chirp.example/v3"
  },
  "client": {"id_parameter": "app_key", "secret_parameter": "app_secret", "authentication": "body"},
  "authorize": {
    "parameters": {"prompt": "always", "lang": "en us"},
    "denied_errors": ["user_said_no"],
    "issuer": "https://chirp.example",
    "issuer_required": false,
    "code_lifetime": 45
  },
  "pkce": "S256-hex",
  "scopes": {
    "parameter": "permissions",
    "known": ["me", "post", "media", "nests"],
    "default": ["me", "post"],
    "required": ["me"],
    "separator": ",",
    "reply_separators": ","
  },
  "token": {
    "parameters": {"forever": "true"},
    "headers": {"Cache-Control": "no-cache"},
    "reply": {
      "access_token": "/data/key",
      "refresh_token": "/data/renewal",
      "token_type": "/data/kind",
      "expires_in": "/data/lives",
      "refresh_expires_in": "/data/renewal_lives",
      "scope": "/data/permissions",
      "extras": {"open_id": "/data/open_id"}
    }
  },
  "long_lived": {
    "method": "POST",
    "grant_type": "lengthen",
    "token_parameter": "key",
    "authentication": "body",
    "send_client_id": false
  },
  "refresh": {
    "model": "static",
    "grant_type": "renew",
    "token_parameter": "renewal",
    "parameters": {"keep": "1"},
    "access_lifetime": 86400,
    "refresh_lifetime": 5184000,
    "lead_time": 3600,
    "minimum_age": 60
  },
  "revoke": {"token_parameter": "key", "tokens": ["access"]},
  "identity": {
    "query": {"fields": "id,nick"},
    "headers": {"Chirp-Version": "3"},
    "id": "/data/user/open_id",
    "username": "/data/user/nick",
    "display_name": ["/data/user/shown_name", "/data/user/nick"],
    "avatar_url": "/data/user/picture"
  },
  "candidates": {
    "kind": "nest",
    "scopes": ["nests"],
    "query": {"fields": "id,title"},
    "headers": {"Chirp-Version": "3"},
    "list": "/data/nests",
    "next": "/data/next",
    "id": "/id",
    "username": "/nick",
    "display_name": "/title",
    "avatar_url": "/picture",
    "access_token": "/key",
    "required_pointer": "/may",
    "required_value": "post",
    "grantor_kind": "bird"
  },
  "errors": {
    "code": ["/error/number", "/error"],
    "subcode": "/error/detail",
    "message": ["/error/text", "/error_description"],
    "transient": "/error/passes",
    "success_codes": ["0", "ok"],
    "rules": [
      {"calls": ["refresh"], "code": ["190"], "subcode": ["458"], "verdict": "refused"},
      {"code": ["190"], "verdict": "temporary"},
      {"status": ["4xx"], "message_contains": "quota", "verdict": "operator_fault", "meaning": "request_refused"}
    ]
  },
  "proxy": {
    "headers": {"Chirp-Version": "3"},
    "dead_token": [{"status": 401}],
    "living_token": [{"status": 401, "code": ["3"]}],
    "rate_limit_headers": ["chirp-left"]
  }
})";

} // namespace connectd::tests
