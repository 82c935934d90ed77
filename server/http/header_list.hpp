#pragma once

// The header fields of a message, in their order, with repeated names kept. All text lives in one buffer, so
// a message costs two allocations and not two a field. A plain value: used by one thread at a time.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::http {

// ASCII letters compare without case, everything else byte by byte.
bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept;

class header_list {
  public:
    // Views into the list; valid until it changes or dies.
    struct field {
        std::string_view name;
        std::string_view value;
    };

    class iterator {
      public:
        iterator(header_list const& list, std::size_t index) noexcept : list_{&list}, index_{index} {}
        field operator*() const noexcept { return (*list_)[index_]; }
        iterator& operator++() noexcept {
            ++index_;
            return *this;
        }
        bool operator==(iterator const&) const noexcept = default;

      private:
        header_list const* list_;
        std::size_t index_;
    };

    // Appends a field. Throws std::invalid_argument when the name is no token or the value has a control
    // character: a value with a line break in it would let its author write headers of their own.
    void add(std::string_view name, std::string_view value);

    // Replaces every field of that name by one. Throws like `add`.
    void set(std::string_view name, std::string_view value);

    // Sets unless a field of that name is there. Throws like `add`.
    void set_default(std::string_view name, std::string_view value);

    void erase(std::string_view name) noexcept;

    // The first value.
    std::optional<std::string_view> find(std::string_view name) const noexcept;

    std::vector<std::string_view> all(std::string_view name) const;

    bool contains(std::string_view name) const noexcept { return find(name).has_value(); }
    std::size_t size() const noexcept { return entries_.size(); }
    bool empty() const noexcept { return entries_.empty(); }
    // Requires: index < size().
    field operator[](std::size_t index) const noexcept;
    iterator begin() const noexcept { return {*this, 0}; }
    iterator end() const noexcept { return {*this, entries_.size()}; }

    // For the parser, which has checked name and value already.
    void add_parsed(std::string_view name, std::string_view value);

  private:
    struct entry {
        std::uint32_t offset;
        std::uint32_t name_size;
        std::uint32_t value_size;
    };

    std::string text_;
    std::vector<entry> entries_;
};

} // namespace connectd::server::http
