// Scopes as sets of bits over the catalogue of one platform: every request checks them, so they are read
// once, when a grant is asked for. A catalogue is a table; a personality names its rows by an enumeration of
// its own.
//
// Values and pure functions; any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::oauth {

struct scope_text {
    std::string_view name;
    std::string_view sentence; // what a person is asked to agree to
};

class scope_set {
  public:
    scope_set() = default;
    // Scopes are rows of the catalogue: numbers or enumerators.
    template <class Scope>
    static constexpr scope_set of(std::initializer_list<Scope> scopes) noexcept {
        scope_set set;
        for (auto const each : scopes)
            set = set.with(each);
        return set;
    }

    template <class Scope>
    constexpr bool has(Scope wanted) const noexcept {
        return (bits_ >> static_cast<unsigned>(wanted) & 1U) != 0;
    }
    constexpr bool has_all(scope_set wanted) const noexcept { return (bits_ & wanted.bits_) == wanted.bits_; }
    constexpr bool has_any(scope_set wanted) const noexcept { return (bits_ & wanted.bits_) != 0; }
    template <class Scope>
    constexpr scope_set with(Scope added) const noexcept {
        scope_set set = *this;
        set.bits_ |= std::uint64_t{1} << static_cast<unsigned>(added);
        return set;
    }
    constexpr scope_set with_all(scope_set added) const noexcept { return from(bits_ | added.bits_); }
    constexpr scope_set without(scope_set taken) const noexcept { return from(bits_ & ~taken.bits_); }
    constexpr scope_set only(scope_set kept) const noexcept { return from(bits_ & kept.bits_); }
    constexpr bool empty() const noexcept { return bits_ == 0; }
    constexpr bool operator==(scope_set const&) const = default;

  private:
    static constexpr scope_set from(std::uint64_t bits) noexcept {
        scope_set set;
        set.bits_ = bits;
        return set;
    }

    std::uint64_t bits_ = 0;
};

// A list of scopes as a client sent it.
struct scope_reading {
    scope_set scopes;
    std::optional<std::string> unknown; // the first name that is none of the platform's
};

class scope_catalog {
  public:
    // In the order in which answers list them, which is not the order in which clients ask. Requires: 64 at
    // most, in static storage.
    explicit constexpr scope_catalog(std::span<scope_text const> texts) noexcept : texts_{texts} {}

    std::optional<std::size_t> find(std::string_view name) const;

    // Names between single separators; an empty name is an unknown one.
    scope_reading read(std::string_view text, char separator) const;

    std::string to_text(scope_set set, std::string_view separator = " ") const;
    std::vector<scope_text> rows_of(scope_set set) const;

  private:
    std::span<scope_text const> texts_;
};

} // namespace connectd::sandbox::oauth
