// Walks a JSON document of the operator and collects every problem instead of stopping at the first. Used by
// descriptor_parse only. Belongs to one thread; views the document, which must outlive it.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/problem.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::platforms {

// Where problems go; knows the file they are in.
class problem_list {
  public:
    explicit problem_list(std::string_view file) : file_(file) {}

    void add(std::string pointer, std::string sentence);
    std::vector<problem> take() && { return std::move(problems_); }
    bool empty() const noexcept { return problems_.empty(); }

  private:
    std::string file_;
    std::vector<problem> problems_;
};

// `pointer` with one more member, escaped as RFC 6901 says.
std::string join_pointer(std::string_view pointer, std::string_view member);

// Parses the document; adds problems for bad JSON (with line and column) and for members that appear twice,
// which JSON itself leaves undefined. Null when it is not JSON.
std::optional<boost::json::value> read_document(std::string_view text, problem_list& problems);

// One object of the document. Each read names a member, leaves its target alone when the member is absent,
// and adds a problem when it has the wrong type. finish() adds a problem for each member nobody asked for;
// `comment` is always allowed.
class object_reader {
  public:
    // A null `value` is an absent object: every member is absent. Anything but an object adds a problem.
    object_reader(boost::json::value const* value, std::string pointer, problem_list& problems);

    boost::json::value const* member(std::string_view name);
    object_reader object(std::string_view name) { return {member(name), path(name), *problems_}; }
    std::string path(std::string_view name) const { return join_pointer(pointer_, name); }
    void problem(std::string_view name, std::string sentence) {
        problems_->add(path(name), std::move(sentence));
    }
    problem_list& problems() noexcept { return *problems_; }
    boost::json::object const* members() const noexcept { return object_; }

    void read(std::string_view name, std::string& into);
    void read(std::string_view name, bool& into);
    void read(std::string_view name, std::chrono::seconds& into);
    void read(std::string_view name, std::optional<std::chrono::seconds>& into);
    void read(std::string_view name, std::vector<std::string>& into);
    void read(std::string_view name, std::vector<std::chrono::seconds>& into);
    void read_parameters(std::string_view name, parameters& into);
    void read_headers(std::string_view name, parameters& into);
    void read_pointers(std::string_view name, pointers& into);
    void read_pointer(std::string_view name, std::string& into);

    // One of a fixed list of words.
    template <class Enum>
    void read_choice(std::string_view name, Enum& into,
                     std::span<std::pair<std::string_view, Enum> const> words);

    void finish();

  private:
    std::optional<std::chrono::seconds> seconds_of(std::string_view name);

    boost::json::object const* object_ = nullptr;
    std::string pointer_;
    problem_list* problems_;
    std::vector<std::string> asked_for_;
};

// "one of \"a\", \"b\" and \"c\""
std::string list_of_words(std::vector<std::string_view> const& words);

template <class Enum>
void object_reader::read_choice(std::string_view name, Enum& into,
                                std::span<std::pair<std::string_view, Enum> const> words) {
    auto const* value = member(name);
    if (value == nullptr) {
        return;
    }
    std::vector<std::string_view> known;
    for (auto const& [word, meaning] : words) {
        if (value->is_string() && value->get_string() == word) {
            into = meaning;
            return;
        }
        known.push_back(word);
    }
    problem(name, "must be " + list_of_words(known));
}

} // namespace connectd::platforms
