// The error bodies of the YouTube Data API: an object with a list, where the token endpoint has flat texts.
// The word that programs branch on is `error.errors[0].reason`. Pure functions, any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <string>
#include <string_view>

namespace connectd::sandbox::youtube {

struct api_error {
    unsigned code = 400;
    std::string_view reason;
    std::string message;
    std::string_view domain = "global";
    std::string_view short_message{}; // of the list's entry, if it differs
    std::string_view location{};
    std::string_view location_type{};
    std::string_view status{}; // UNAUTHENTICATED and the like
};

reply error_reply(api_error const& what);

reply unauthenticated();
reply signup_required();
reply insufficient_permissions();
reply quota_exceeded();
reply invalid_argument(std::string_view reason, std::string_view message, std::string_view domain,
                       std::string_view location);
reply not_found(std::string_view reason, std::string_view message);

// The plain error of a status, for faults and unknown paths.
reply plain_error(unsigned status);

} // namespace connectd::sandbox::youtube
