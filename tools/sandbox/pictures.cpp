#include "tools/sandbox/pictures.hpp"

#include "tools/sandbox/html.hpp"

#include <charconv>

namespace connectd::sandbox {

std::string picture_url(std::string_view origin, person const& who) {
    return std::string{origin} + std::string{picture_folder} + std::to_string(who.number) + ".svg";
}

reply picture(call const& request, people const& persons) {
    auto const name = request.path.substr(picture_folder.size());
    std::uint64_t number = 0;
    auto const [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    bool const read = error == std::errc{} && std::string_view{end, name.data() + name.size()} == ".svg";
    auto const who = read ? persons.numbered(number) : nullptr;
    if (!who)
        return {404, "text/plain; charset=utf-8", {}, "there is no such picture"};
    return {200, "image/svg+xml", {}, avatar_svg(who->display_name, std::to_string(number))};
}

} // namespace connectd::sandbox
