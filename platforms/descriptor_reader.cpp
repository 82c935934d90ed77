#include "platforms/descriptor_reader.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <set>

namespace connectd::platforms {
namespace {

namespace json = boost::json;

constexpr std::int64_t longest_duration = 10LL * 366 * 86400; // ten years: more is a slip of the unit

constexpr auto seconds_sentence = "must be a whole number of seconds, at most ten years";
constexpr auto pointer_sentence = "must be a JSON pointer such as \"/data/id\"";

// Follows the document to find members that appear twice; json::value would silently keep the last.
class duplicate_finder {
  public:
    static constexpr std::size_t max_object_size = 4096;
    static constexpr std::size_t max_array_size = 4096;
    static constexpr std::size_t max_key_size = 1024;
    static constexpr std::size_t max_string_size = 65536;

    explicit duplicate_finder(problem_list& problems) : problems_(&problems) {}

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return open(false); }
    bool on_object_end(std::size_t, json::error_code&) { return close(); }
    bool on_array_begin(json::error_code&) { return open(true); }
    bool on_array_end(std::size_t, json::error_code&) { return close(); }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        key_.append(part.data(), part.size());
        return true;
    }
    bool on_key(json::string_view rest, std::size_t, json::error_code&) {
        key_.append(rest.data(), rest.size());
        auto& level = levels_.back();
        level.child = join_pointer(level.pointer, key_);
        if (!level.keys.insert(std::exchange(key_, {})).second) {
            problems_->add(level.child, "appears more than once");
        }
        return true;
    }
    bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
    bool on_string(json::string_view, std::size_t, json::error_code&) { return value(); }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, json::error_code&) { return value(); }
    bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return value(); }
    bool on_double(double, json::string_view, json::error_code&) { return value(); }
    bool on_bool(bool, json::error_code&) { return value(); }
    bool on_null(json::error_code&) { return value(); }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

  private:
    struct level {
        std::string pointer;
        std::string child; // pointer of the member being read
        bool array = false;
        std::size_t index = 0;
        std::set<std::string> keys;
    };

    std::string child_pointer() const {
        if (levels_.empty()) {
            return "";
        }
        auto const& top = levels_.back();
        return top.array ? join_pointer(top.pointer, std::to_string(top.index)) : top.child;
    }
    bool open(bool array) {
        levels_.push_back({child_pointer(), "", array, 0, {}});
        return true;
    }
    bool close() {
        levels_.pop_back();
        return value();
    }
    bool value() {
        if (!levels_.empty()) {
            ++levels_.back().index;
        }
        return true;
    }

    problem_list* problems_;
    std::vector<level> levels_;
    std::string key_;
};

std::string line_and_column(std::string_view text, std::size_t offset) {
    auto const before = text.substr(0, std::min(offset, text.size()));
    auto const line = 1 + std::count(before.begin(), before.end(), '\n');
    auto const column = before.size() - (before.rfind('\n') + 1); // npos + 1 is 0: the first line
    return "line " + std::to_string(line) + ", column " + std::to_string(column + 1);
}

std::optional<std::chrono::seconds> to_seconds(json::value const& value) {
    auto const* number = value.if_int64();
    bool const fits = number != nullptr && *number >= 0 && *number <= longest_duration;
    return fits ? std::optional{std::chrono::seconds{*number}} : std::nullopt;
}

bool is_pointer(std::string_view text) {
    if (text.empty() || text.front() != '/') {
        return false;
    }
    for (std::size_t at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1)) {
        if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) {
            return false;
        }
    }
    return true;
}

bool is_header_name(std::string_view name) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string_view::npos;
    });
}

bool is_header_value(std::string_view value) {
    return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace

void problem_list::add(std::string pointer, std::string sentence) {
    problems_.push_back({file_, std::move(pointer), std::move(sentence)});
}

std::string join_pointer(std::string_view pointer, std::string_view member) {
    std::string joined(pointer);
    joined += '/';
    for (char const c : member) {
        if (c == '~') {
            joined += "~0";
        } else if (c == '/') {
            joined += "~1";
        } else {
            joined += c;
        }
    }
    return joined;
}

std::string list_of_words(std::vector<std::string_view> const& words) {
    std::string list = words.size() > 1 ? "one of " : "";
    for (std::size_t index = 0; index < words.size(); ++index) {
        if (index > 0) {
            list += index + 1 == words.size() ? " and " : ", ";
        }
        list += '"';
        list += words[index];
        list += '"';
    }
    return list;
}

std::optional<json::value> read_document(std::string_view text, problem_list& problems) {
    json::basic_parser<duplicate_finder> finder(json::parse_options{}, problems);
    json::error_code error;
    auto used = finder.write_some(false, text.data(), text.size(), error);
    if (!error && used != text.size()) {
        error = json::error::extra_data;
    }
    if (error) {
        problems.add("", "not valid JSON at " + line_and_column(text, used) + ": " + error.message());
        return std::nullopt;
    }
    return json::parse(json::string_view(text.data(), text.size()));
}

object_reader::object_reader(json::value const* value, std::string pointer, problem_list& problems)
    : pointer_(std::move(pointer)), problems_(&problems) {
    if (value == nullptr) {
        return;
    }
    object_ = value->if_object();
    if (object_ == nullptr) {
        problems.add(pointer_, "must be an object");
    }
}

json::value const* object_reader::member(std::string_view name) {
    asked_for_.emplace_back(name);
    return object_ == nullptr ? nullptr : object_->if_contains(json::string_view(name.data(), name.size()));
}

void object_reader::read(std::string_view name, std::string& into) {
    auto const* value = member(name);
    if (value == nullptr) {
        return;
    }
    if (auto const* text = value->if_string()) {
        into.assign(text->data(), text->size());
    } else {
        problem(name, "must be a string");
    }
}

void object_reader::read(std::string_view name, bool& into) {
    auto const* value = member(name);
    if (value == nullptr) {
        return;
    }
    if (auto const* flag = value->if_bool()) {
        into = *flag;
    } else {
        problem(name, "must be true or false");
    }
}

std::optional<std::chrono::seconds> object_reader::seconds_of(std::string_view name) {
    auto const* value = member(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    auto const seconds = to_seconds(*value);
    if (!seconds) {
        problem(name, seconds_sentence);
    }
    return seconds;
}

void object_reader::read(std::string_view name, std::chrono::seconds& into) {
    if (auto const value = seconds_of(name)) {
        into = *value;
    }
}

void object_reader::read(std::string_view name, std::optional<std::chrono::seconds>& into) {
    if (auto const value = seconds_of(name)) {
        into = *value;
    }
}

void object_reader::read(std::string_view name, std::vector<std::chrono::seconds>& into) {
    auto const* value = member(name);
    if (value == nullptr) {
        return;
    }
    auto const* list = value->if_array();
    if (list == nullptr) {
        return problem(name, "must be a list of whole numbers of seconds");
    }
    into.clear();
    for (std::size_t index = 0; index < list->size(); ++index) {
        if (auto const seconds = to_seconds((*list)[index])) {
            into.push_back(*seconds);
        } else {
            problems_->add(join_pointer(path(name), std::to_string(index)), seconds_sentence);
        }
    }
}

void object_reader::read(std::string_view name, std::vector<std::string>& into) {
    auto const* value = member(name);
    if (value == nullptr) {
        return;
    }
    auto const* list = value->if_array();
    if (list == nullptr) {
        return problem(name, "must be a list of strings");
    }
    into.clear();
    for (std::size_t index = 0; index < list->size(); ++index) {
        auto const where = join_pointer(path(name), std::to_string(index));
        auto const* text = (*list)[index].if_string();
        if (text == nullptr || text->empty()) {
            problems_->add(where, "must be a string that is not empty");
        } else if (std::find(into.begin(), into.end(), std::string_view(*text)) != into.end()) {
            problems_->add(where, "is in the list already");
        } else {
            into.emplace_back(text->data(), text->size());
        }
    }
}

void object_reader::read_parameters(std::string_view name, parameters& into) {
    auto const* value = member(name);
    if (value == nullptr) {
        return;
    }
    auto const* list = value->if_object();
    if (list == nullptr) {
        return problem(name, "must be an object of strings");
    }
    into.clear();
    for (auto const& item : *list) {
        auto const* text = item.value().if_string();
        if (text == nullptr) {
            problems_->add(join_pointer(path(name), item.key()), "must be a string");
        } else {
            into.emplace_back(item.key(), *text);
        }
    }
}

void object_reader::read_headers(std::string_view name, parameters& into) {
    constexpr std::array<std::string_view, 5> ours = {"authorization", "connection", "content-length", "host",
                                                      "transfer-encoding"};
    read_parameters(name, into);
    for (auto const& [header, value] : into) {
        std::string lower = header;
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        auto const where = join_pointer(path(name), header);
        if (!is_header_name(header)) {
            problems_->add(where, "is not the name of an HTTP header");
        } else if (std::find(ours.begin(), ours.end(), lower) != ours.end()) {
            problems_->add(where, "is a header that connectd writes itself");
        }
        if (!is_header_value(value)) {
            problems_->add(where, "must be printable ASCII");
        }
    }
}

void object_reader::read_pointers(std::string_view name, pointers& into) {
    auto const* value = member(name);
    if (value == nullptr) {
        return;
    }
    if (auto const* text = value->if_string()) {
        into.assign(1, std::string(*text));
        if (!is_pointer(into.front())) {
            problem(name, std::string(pointer_sentence) + ", or a list of them");
        }
        return;
    }
    if (!value->is_array()) {
        return problem(name, std::string(pointer_sentence) + ", or a list of them");
    }
    read(name, into);
    for (std::size_t index = 0; index < into.size(); ++index) {
        if (!is_pointer(into[index])) {
            problems_->add(join_pointer(path(name), std::to_string(index)), pointer_sentence);
        }
    }
}

void object_reader::read_pointer(std::string_view name, std::string& into) {
    read(name, into);
    if (!into.empty() && !is_pointer(into)) {
        problem(name, pointer_sentence);
    }
}

void object_reader::finish() {
    if (object_ == nullptr) {
        return;
    }
    for (auto const& item : *object_) {
        std::string_view const key = item.key();
        bool const known =
            key == "comment" || std::find(asked_for_.begin(), asked_for_.end(), key) != asked_for_.end();
        if (!known) {
            problem(key, "is not a member that connectd knows");
        }
    }
}

} // namespace connectd::platforms
