#include "platforms/json_answer.hpp"

#include "crypto/secret.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <new>

namespace connectd::platforms {
namespace {

namespace json = boost::json;

// Builds a value of what basic_parser reports; the one difference to json::parser is that numbers stay text.
struct text_handler {
    static constexpr std::size_t max_object_size = 4096;
    static constexpr std::size_t max_array_size = 65536;
    static constexpr std::size_t max_key_size = 1024;
    static constexpr std::size_t max_string_size = std::size_t{1} << 20;

    json::value_stack& stack;

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return true; }
    bool on_object_end(std::size_t size, json::error_code&) { return stack.push_object(size), true; }
    bool on_array_begin(json::error_code&) { return true; }
    bool on_array_end(std::size_t size, json::error_code&) { return stack.push_array(size), true; }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return push_part(part); }
    bool on_key(json::string_view rest, std::size_t, json::error_code&) { return stack.push_key(rest), true; }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return push_part(part); }
    bool on_string(json::string_view rest, std::size_t, json::error_code&) { return push_text(rest); }
    bool on_number_part(json::string_view part, json::error_code&) { return push_part(part); }
    bool on_int64(std::int64_t, json::string_view rest, json::error_code&) { return push_text(rest); }
    bool on_uint64(std::uint64_t, json::string_view rest, json::error_code&) { return push_text(rest); }
    bool on_double(double, json::string_view rest, json::error_code&) { return push_text(rest); }
    bool on_bool(bool value, json::error_code&) { return stack.push_bool(value), true; }
    bool on_null(json::error_code&) { return stack.push_null(), true; }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

    bool push_part(json::string_view part) { return stack.push_chars(part), true; }
    bool push_text(json::string_view rest) { return stack.push_string(rest), true; }
};

} // namespace

void* json_answer::wiping_resource::do_allocate(std::size_t size, std::size_t alignment) {
    return ::operator new(size, std::align_val_t{alignment});
}

void json_answer::wiping_resource::do_deallocate(void* block, std::size_t size, std::size_t alignment) {
    crypto::wipe(block, size);
    ::operator delete(block, std::align_val_t{alignment});
}

bool json_answer::wiping_resource::do_is_equal(json::memory_resource const& other) const noexcept {
    return this == &other;
}

json_answer::json_answer(std::string_view text) : arena_(buffer_.data(), buffer_.size(), &heap_) {
    // The value_stack's scratch memory comes from the arena too, so that no copy of a token escapes the
    // wiping.
    json::value_stack stack{json::storage_ptr{&arena_}};
    stack.reset(&arena_);
    json::basic_parser<text_handler> parser(json::parse_options{}, text_handler{stack});
    json::error_code error;
    auto const used = parser.write_some(false, text.data(), text.size(), error);
    if (!error && used == text.size()) {
        root_.emplace(stack.release());
    }
}

json_answer::~json_answer() {
    root_.reset();
    arena_.release();
    crypto::wipe(buffer_.data(), buffer_.size());
}

std::string_view find_text(json::value const& root, std::vector<std::string> const& pointers) {
    for (auto const& pointer : pointers) {
        json::error_code error;
        auto const* found = root.find_pointer(pointer, error);
        if (found == nullptr) {
            continue;
        }
        if (auto const* text = found->if_string(); text != nullptr && !text->empty()) {
            return {text->data(), text->size()};
        }
    }
    return {};
}

} // namespace connectd::platforms
