#include "server/http/json_document.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/value_stack.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace connectd::server::http {

namespace {

constexpr std::size_t most_problems = 50;

std::string escaped(std::string_view name) {
    std::string text;
    for (char const letter : name) {
        if (letter == '~') {
            text += "~0";
        } else if (letter == '/') {
            text += "~1";
        } else {
            text.push_back(letter);
        }
    }
    return text;
}

// Builds the value as Boost.JSON's own parser would, and looks at what that one lets pass: repeated members
// and the number of elements. Called by boost::json::basic_parser, which fixes the names.
class document_handler {
  public:
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    using error_code = boost::system::error_code;
    using view = boost::json::string_view;

    explicit document_handler(std::size_t elements) : elements_left_{elements} {}

    bool on_document_begin(error_code&) {
        stack_.reset();
        return true;
    }
    bool on_document_end(error_code&) { return true; }

    bool on_object_begin(error_code& error) {
        levels_.push_back({.is_object = true});
        return count(error);
    }
    bool on_object_end(std::size_t size, error_code&) {
        stack_.push_object(size);
        levels_.pop_back();
        finish_element();
        return true;
    }
    bool on_array_begin(error_code& error) {
        levels_.push_back({.is_object = false});
        return count(error);
    }
    bool on_array_end(std::size_t size, error_code&) {
        stack_.push_array(size);
        levels_.pop_back();
        finish_element();
        return true;
    }

    bool on_key_part(view part, std::size_t, error_code&) {
        stack_.push_chars(part);
        key_.append(part.data(), part.size());
        return true;
    }
    bool on_key(view part, std::size_t, error_code& error) {
        key_.append(part.data(), part.size());
        stack_.push_key(part);
        auto& level = levels_.back();
        level.key = std::exchange(key_, {});
        if (!level.seen.insert(level.key).second) {
            duplicate_ = true;
            error = boost::json::error::exception;
            return false;
        }
        return true;
    }

    bool on_string_part(view part, std::size_t, error_code&) {
        stack_.push_chars(part);
        return true;
    }
    bool on_string(view part, std::size_t, error_code& error) {
        stack_.push_string(part);
        finish_element();
        return count(error);
    }
    bool on_number_part(view, error_code&) { return true; }
    bool on_int64(std::int64_t number, view, error_code& error) {
        stack_.push_int64(number);
        finish_element();
        return count(error);
    }
    bool on_uint64(std::uint64_t number, view, error_code& error) {
        stack_.push_uint64(number);
        finish_element();
        return count(error);
    }
    bool on_double(double number, view, error_code& error) {
        stack_.push_double(number);
        finish_element();
        return count(error);
    }
    bool on_bool(bool flag, error_code& error) {
        stack_.push_bool(flag);
        finish_element();
        return count(error);
    }
    bool on_null(error_code& error) {
        stack_.push_null();
        finish_element();
        return count(error);
    }
    bool on_comment_part(view, error_code&) { return true; }
    bool on_comment(view, error_code&) { return true; }

    boost::json::value release() { return stack_.release(); }
    bool duplicate() const noexcept { return duplicate_; }
    bool too_many() const noexcept { return too_many_; }

    // Where the parser stopped, as a JSON pointer.
    std::string place() const {
        std::string text;
        for (auto const& level : levels_) {
            text += "/" + (level.is_object ? escaped(level.key) : std::to_string(level.elements));
        }
        return text;
    }

  private:
    struct level {
        bool is_object;
        std::string key{};
        std::size_t elements = 0;
        std::set<std::string, std::less<>> seen{};
    };

    // So that `place` can name the element of an array that comes next.
    void finish_element() noexcept {
        if (!levels_.empty()) {
            ++levels_.back().elements;
        }
    }

    bool count(error_code& error) {
        if (elements_left_ == 0) {
            too_many_ = true;
            error = boost::json::error::exception;
            return false;
        }
        --elements_left_;
        return true;
    }

    boost::json::value_stack stack_;
    std::vector<level> levels_;
    std::string key_;
    std::size_t elements_left_;
    bool duplicate_ = false;
    bool too_many_ = false;
};

body_errors single(std::string pointer, std::string_view code, std::string message) {
    body_errors made;
    made.errors.push_back({std::move(pointer), std::string{code}, std::move(message)});
    return made;
}

std::string position(std::string_view text, std::size_t offset) {
    auto const before = text.substr(0, std::min(offset, text.size()));
    auto const line = std::count(before.begin(), before.end(), '\n') + 1;
    auto const start = before.rfind('\n');
    auto const column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

} // namespace

void throw_exception_from_error(body_errors const& errors, boost::source_location const&) {
    throw std::invalid_argument{errors.errors.empty() ? "an invalid body" : errors.errors.front().message};
}

json_result<boost::json::value> parse_json(std::string_view text, json_limits const& limits) {
    if (text.empty()) {
        return single({}, "invalid_json", "The body is empty; a JSON value is expected.");
    }
    boost::json::parse_options options;
    options.max_depth = limits.depth;
    boost::json::basic_parser<document_handler> parser{options, limits.elements};
    boost::system::error_code error;
    auto const read = parser.write_some(false, text.data(), text.size(), error);
    auto const& handler = parser.handler();
    if (!error && read < text.size()) {
        error = boost::json::error::extra_data;
    }
    if (!error) {
        return parser.handler().release();
    }
    auto const where = position(text, read);
    if (handler.duplicate()) {
        return single(handler.place(), "duplicate", "This field is given more than once (" + where + ").");
    }
    if (handler.too_many()) {
        return single({}, "too_large",
                      "More than " + std::to_string(limits.elements) + " elements (" + where + ").");
    }
    if (error == boost::json::error::too_deep) {
        return single({}, "too_large",
                      "Nested deeper than " + std::to_string(limits.depth) + " levels (" + where + ").");
    }
    return single({}, "invalid_json",
                  "The body is not valid JSON: " + error.message() + " at " + where + ".");
}

std::string pointer::to_string() const {
    if (parent_ == nullptr) {
        return {};
    }
    return parent_->to_string() + "/" + (is_index_ ? std::to_string(index_) : escaped(name_));
}

void problem_list::add(pointer const& at, std::string_view code, std::string message) {
    if (errors_.size() < most_problems) {
        errors_.push_back({at.to_string(), std::string{code}, std::move(message)});
    }
}

namespace detail {

bool refuse_unknown(boost::json::object const& object, std::vector<std::string_view> const& known,
                    pointer const& at, problem_list& problems) {
    bool good = true;
    for (auto const& member : object) {
        std::string_view const name{member.key()};
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            problems.add(pointer{at, name}, "unknown", "There is no such field.");
            good = false;
        }
    }
    return good;
}

} // namespace detail

} // namespace connectd::server::http
