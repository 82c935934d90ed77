// The scopes of X's OAuth 2.0 (docs.x.com, OAuth 2.0 scopes, autumn 2026) as a set of bits: every request
// checks them, so they are parsed once, when a grant is asked for. Values; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::x {

// In the order in which answers list them, which is not the order in which clients ask.
enum class scope : std::uint8_t {
    tweet_write,
    users_read,
    tweet_read,
    offline_access,
    media_write,
    users_email,
    tweet_moderate_write,
    follows_read,
    follows_write,
    space_read,
    mute_read,
    mute_write,
    like_read,
    like_write,
    list_read,
    list_write,
    block_read,
    block_write,
    bookmark_read,
    bookmark_write,
    dm_read,
    dm_write,
};

class scope_set {
  public:
    // From a list separated by single spaces. Nothing when it is empty or names a scope X does not have.
    static std::optional<scope_set> parse(std::string_view text);

    bool has(scope wanted) const noexcept { return (bits_ >> static_cast<unsigned>(wanted) & 1U) != 0; }
    bool has_all(scope_set wanted) const noexcept { return (bits_ & wanted.bits_) == wanted.bits_; }
    scope_set with(scope added) const noexcept;

    std::string to_string() const;

    // What a person is asked to agree to, one sentence a scope.
    std::vector<std::string_view> sentences() const;

  private:
    std::uint32_t bits_ = 0;
};

} // namespace connectd::sandbox::x
