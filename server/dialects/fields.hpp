// The JSON body of a request, read member by member.
//
// Vendors' clients send members we have no use for, so unlike native bodies these are read leniently: what is
// not asked for is passed over, unless the vendor refuses it. The first member that is missing or of the
// wrong type is remembered; a handler reads everything it wants and then looks once.
#pragma once

#include "crypto/secret.hpp"
#include "server/http/request.hpp"
#include "server/services/error.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::dialects {

class fields {
  public:
    // A body that is empty is an object without members. Errors: field_invalid.
    static services::outcome<fields> read(http::request const& asked);

    explicit fields(boost::json::object members) : members_{std::move(members)} {}

    // Required and not empty; "" when it is wrong.
    std::string text(std::string_view name);
    crypto::secret secret(std::string_view name);
    std::vector<std::string> texts(std::string_view name);
    fields object(std::string_view name);

    // Null counts as absent.
    std::optional<std::string> optional_text(std::string_view name);
    std::optional<bool> optional_flag(std::string_view name);
    std::optional<std::vector<std::string>> optional_texts(std::string_view name);
    std::optional<crypto::secret> optional_secret(std::string_view name);
    std::optional<boost::json::object> optional_object(std::string_view name);

    bool has(std::string_view name) const;
    // Whether it is there and null: "take it away" in an update.
    bool is_null(std::string_view name) const;

    // For vendors that refuse what they do not know: any member that was not asked for is wrong.
    void refuse_others();

    std::optional<services::failure> const& problem() const noexcept { return problem_; }

  private:
    boost::json::value const* find(std::string_view name);
    void wrong(std::string_view name, std::string_view what);

    boost::json::object members_;
    std::vector<std::string> asked_for_;
    std::optional<services::failure> problem_;
};

} // namespace connectd::server::dialects
