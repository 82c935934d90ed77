// What every list takes and gives. Values.
#pragma once

#include "server/services/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::services {

inline constexpr std::size_t default_page_limit = 20;
inline constexpr std::size_t max_page_limit = 100;

// `cursor` is the storage key where the page begins, as `listing::next_cursor` of the page before gave it.
struct page_request {
    std::size_t limit = default_page_limit;
    std::optional<std::string> cursor;
};

// A page may be short and still have a next one; only a missing cursor ends a list.
template <class T>
struct listing {
    std::vector<T> items;
    std::optional<std::string> next_cursor;
};

// Cursors as callers see them: opaque text. Decoding answers nothing for what encoding cannot have made;
// whether the cursor belongs to the list is checked by the list.
std::string encode_cursor(std::string_view key);
std::optional<std::string> decode_cursor(std::string_view text);

} // namespace connectd::server::services
