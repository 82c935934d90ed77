#include "tools/sandbox/linkedin/little_text.hpp"

namespace connectd::sandbox::linkedin {
namespace {

constexpr std::string_view reserved = "\\<>#~_|[]*(){}@";

// The length of a mention at the front of the text, and the name in it; 0 when there is none.
std::size_t mention(std::string_view text, std::string_view& name) {
    if (!text.starts_with("@["))
        return 0;
    auto const middle = text.find("](urn:li:");
    auto const end = middle == std::string_view::npos ? middle : text.find(')', middle);
    if (end == std::string_view::npos)
        return 0;
    name = text.substr(2, middle - 2);
    return end + 1;
}

} // namespace

std::string shown_text(std::string_view commentary) {
    std::string shown;
    while (!commentary.empty()) {
        char const next = commentary.front();
        std::string_view name;
        if (auto const length = mention(commentary, name); length != 0) {
            shown += name;
            commentary.remove_prefix(length);
        } else if (next == '\\' && commentary.size() > 1 &&
                   reserved.find(commentary[1]) != std::string_view::npos) {
            shown += commentary[1];
            commentary.remove_prefix(2);
        } else if (reserved.find(next) != std::string_view::npos) {
            return shown;
        } else {
            shown += next;
            commentary.remove_prefix(1);
        }
    }
    return shown;
}

} // namespace connectd::sandbox::linkedin
