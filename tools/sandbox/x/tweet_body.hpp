// The body of POST /2/tweets, checked as X's schema does (OpenAPI of API v2, autumn 2026): members it does
// not know are refused, a post needs a text or media, and 280 weighted characters are the most. Pure
// function, any thread.
#pragma once

#include "tools/sandbox/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace connectd::sandbox::x {

struct tweet_body {
    std::string text;
    std::optional<reply> refusal; // set when the body is refused
};

// X's way to count (docs.x.com, Counting characters): Latin and most alphabets count one, everything else
// two, a link 23.
std::size_t weighted_length(std::string_view text);

tweet_body read_tweet_body(std::string_view json);

} // namespace connectd::sandbox::x
