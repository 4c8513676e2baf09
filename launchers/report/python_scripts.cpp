#include "launchers/report/python_scripts.hpp"

#include "engine/config/printable.hpp"
#include "engine/core/environment.hpp"
#include "engine/core/error.hpp"
#include "launchers/core/run_program.hpp"
#include "launchers/report/script_data.hpp"

#include <nlohmann/json.hpp>

namespace hpogrid::launchers {
namespace {

constexpr std::string_view not_the_current_folder = "import sys; sys.path[:] = filter(None, sys.path)\n";

std::string last_line(std::string text) {
    text.erase(text.find_last_not_of(" \r\n") + 1);
    const std::size_t begin = text.find_last_of('\n');
    return begin == std::string::npos ? text : text.substr(begin + 1);
}

}  // namespace

void run_python(std::string_view script, const std::vector<std::string>& arguments, const Report& report) {
    std::vector<std::string> words{environment_variable("HPOGRID_PYTHON", "python3"), "-c",
                                   std::string{not_the_current_folder} + std::string{script}};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const std::string input = script_data(report).dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
    const Ended ended = run_with_input(words, input);
    if (ended.status == 0) {
        return;
    }
    constexpr std::size_t longest = 500;
    const std::string why = config::printable(last_line(ended.complaint), longest);
    if (ended.status == static_cast<int>(ExitStatus::no_results)) {
        throw OutputError{why};
    }
    throw InputError{why};
}

}  // namespace hpogrid::launchers
