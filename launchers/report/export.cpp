#include "launchers/report/export.hpp"

#include "engine/core/error.hpp"
#include "engine/results/file.hpp"
#include "launchers/report/html_page.hpp"
#include "launchers/report/python_scripts.hpp"

#include <array>

namespace hpogrid::launchers {
namespace {

using Files = std::vector<std::string>;

Files save(const std::string& name, const std::string& text) {
    results::replace_file(name, std::as_bytes(std::span{text}));
    return {name};
}

std::string json_text(const nlohmann::ordered_json& value) {
    return value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Files draw(const Report& report, const std::string& name, const std::string& form) {
    if (report.trials.empty()) {
        throw InputError{
            "there is no successful trial to draw, allowed: --to_png and --to_pdf of a report with trials"};
    }
    run_python(figures_script(), {name, form}, report);
    return {name + "_pcp." + form, name + "_history." + form};
}

constexpr std::array all{
    Export{"--to_json", "Write NAME.json, one object a trial",
           [](const Report&, const ReportTable& table, const std::string& name) {
               return save(name + ".json", json_text(json_of(table)));
           }},
    Export{"--to_csv", "Write NAME.csv",
           [](const Report&, const ReportTable& table, const std::string& name) {
               return save(name + ".csv", csv_text(table));
           }},
    Export{"--to_html", "Write NAME.html, one file with interactive plots that opens offline",
           [](const Report& report, const ReportTable& table, const std::string& name) {
               return save(name + ".html", html_page(report, table, HtmlParts::all));
           }},
    Export{"--to_pcp", "Write NAME_pcp.html, the parallel coordinates alone",
           [](const Report& report, const ReportTable& table, const std::string& name) {
               return save(name + "_pcp.html", html_page(report, table, HtmlParts::parallel_coordinates));
           }},
    Export{"--to_png", "Write NAME_pcp.png and NAME_history.png for papers, with Python's matplotlib",
           [](const Report& report, const ReportTable&, const std::string& name) { return draw(report, name, "png"); }},
    Export{"--to_pdf", "Write NAME_pcp.pdf and NAME_history.pdf for papers, with Python's matplotlib",
           [](const Report& report, const ReportTable&, const std::string& name) { return draw(report, name, "pdf"); }},
    Export{"--to_mlflow", "Log each trial as a run of MLflow, where $MLFLOW_TRACKING_URI says, with Python's mlflow",
           [](const Report& report, const ReportTable&, const std::string&) {
               run_python(mlflow_script(), {}, report);
               return Files{};
           }},
    Export{"--summary", "Write NAME_summary.json, with all results of each job",
           [](const Report& report, const ReportTable&, const std::string& name) {
               return save(name + "_summary.json", json_text(summary_of(report)));
           }},
};

}  // namespace

std::span<const Export> exports() noexcept {
    return all;
}

}  // namespace hpogrid::launchers
