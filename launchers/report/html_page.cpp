#include "launchers/report/html_page.hpp"

#include "launchers/report/importance.hpp"
#include "launchers/report/page_file.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace hpogrid::launchers {
namespace {

using nlohmann::ordered_json;

/// The curves of the best trials, a point for each of at most so many iterations: more would be ink without a meaning.
ordered_json curves_of(const Report& report) {
    constexpr std::size_t most_curves = 200;
    constexpr std::size_t most_points = 200;
    ordered_json curves = ordered_json::array();
    bool any = false;
    for (std::size_t i = 0; i < std::min(report.trials.size(), most_curves); ++i) {
        const auto& curve = report.trials[i].curve;
        ordered_json points = ordered_json::array();
        const std::size_t count = std::min(curve.size(), most_points);
        for (std::size_t k = 0; k < count; ++k) {
            const auto& [iteration, value] = curve[count == 1 ? 0 : k * (curve.size() - 1) / (count - 1)];
            points.push_back({iteration, value});
        }
        any = any || count > 1;
        curves.push_back(std::move(points));
    }
    return any ? curves : ordered_json::array();
}

ordered_json importance_of(const Report& report) {
    ordered_json list = ordered_json::array();
    for (const Importance& each : importances(report)) {
        list.push_back({{"name", each.name}, {"main", each.main}, {"total", each.total}});
    }
    return list;
}

ordered_json data_of(const Report& report, const ReportTable& table, HtmlParts parts) {
    ordered_json data;
    data["project"] = report.project;
    data["metric"] = report.metric;
    data["mode"] = report.minimize ? "min" : "max";
    data["jobs"] = report.jobs.size();
    data["hyperparameters"] = report.hyperparameters;
    data["titles"] = table.titles;
    data["rows"] = table.rows;
    data["ended"] = ordered_json::array();
    for (const ReportTrial& trial : report.trials) {
        data["ended"].push_back(std::isfinite(trial.ended) ? trial.ended : 0.0);
    }
    data["parts"] = ordered_json::array({"parallel"});
    if (parts == HtmlParts::all) {
        data["importance"] = importance_of(report);
        data["curves"] = curves_of(report);
        for (const char* part : {"history", "importance", "slices", "curves", "trials"}) {
            const bool is_empty = data.contains(part) && data.at(part).empty();
            if (!is_empty) {
                data["parts"].push_back(part);
            }
        }
    }
    return data;
}

/// JSON that cannot end the script element which holds it.
std::string script_text(const ordered_json& data) {
    std::string text;
    for (const char character : data.dump(-1, ' ', false, ordered_json::error_handler_t::replace)) {
        text += character == '<' ? std::string{"\\u003c"} : std::string{character};
    }
    return text;
}

}  // namespace

std::string html_page(const Report& report, const ReportTable& table, HtmlParts parts) {
    constexpr std::string_view place = "HPOGRID_DATA";
    std::string page{page_file()};
    return page.replace(page.find(place), place.size(), script_text(data_of(report, table, parts)));
}

}  // namespace hpogrid::launchers
