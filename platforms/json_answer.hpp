// A platform's JSON answer, parsed for reading. Numbers become strings of their own digits, so that an id
// beyond 2^53 or beyond 64 bits is the text the platform sent; nothing here needs to know whether a value was
// a number or a string.
//
// Everything parsed lives in a buffer inside the object (and in the heap beyond it) that is wiped on
// destruction, because token answers are parsed with it. Belongs to one thread; neither copied nor moved.
#pragma once

#include <boost/json/memory_resource.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::platforms {

class json_answer {
  public:
    // Never throws on bad input: not JSON, not UTF-8 or nested deeper than 32 levels leaves root() null.
    explicit json_answer(std::string_view text);
    json_answer(json_answer const&) = delete;
    json_answer& operator=(json_answer const&) = delete;
    ~json_answer();

    boost::json::value const* root() const noexcept { return root_ ? &*root_ : nullptr; }

  private:
    // Heap blocks of the monotonic resource above it, wiped when they are given back.
    struct wiping_resource final : boost::json::memory_resource {
        void* do_allocate(std::size_t size, std::size_t alignment) override;
        void do_deallocate(void* block, std::size_t size, std::size_t alignment) override;
        bool do_is_equal(boost::json::memory_resource const& other) const noexcept override;
    };

    std::array<unsigned char, 4096> buffer_;
    wiping_resource heap_;
    boost::json::monotonic_resource arena_;
    std::optional<boost::json::value> root_;
};

// The first pointer that leads to a non-empty string or a number; an empty view when none does. The view
// lives as long as `root`.
std::string_view find_text(boost::json::value const& root, std::vector<std::string> const& pointers);

} // namespace connectd::platforms
