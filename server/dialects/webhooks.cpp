#include "server/dialects/webhooks.hpp"

#include "server/services/webhooks/form.hpp"

#include <algorithm>

namespace connectd::server::dialects {

bool is_event_word(std::span<std::string_view const> words, std::string_view asked) noexcept {
    return std::ranges::any_of(words, [asked](std::string_view word) {
        return word == asked || (word.size() > 1 && services::webhooks::covers(word, asked));
    });
}

} // namespace connectd::server::dialects
