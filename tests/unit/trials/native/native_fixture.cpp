#include "tests/unit/trials/native/native_fixture.hpp"

#include "kernels/api/backend.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>

namespace hpogrid::trials::test {
namespace {

void write_events(const std::filesystem::path& file, int rows) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream stream{file};
    stream << "x,y,label,weight\n";
    for (int i = 0; i < rows; ++i) {
        const bool signal = i >= rows / 2;
        const double angle = 0.61803 * i;
        stream << fmt::format("{},{},{},{}\n", std::cos(angle) + (signal ? 1.2 : 0), 3 * std::sin(2.7 * angle),
                              signal ? 1 : 0, 1 + 0.5 * std::sin(i));
    }
}

}  // namespace

NativeEvaluation::NativeEvaluation() : surroundings{surroundings_in(folder.path(), 4)} {
    surroundings.checkpoints_folder = folder.path() / "checkpoints";
    surroundings.mode = study::Mode::minimize;
#ifdef HPOGRID_TEST_CUDA
    surroundings.gpus_of_slot = {kernels::cuda_device_uuid(0)};
#endif
    write_events(folder.path() / "data" / "events.csv", 300);
}

Driver& NativeEvaluation::restart(unsigned slots) {
    surroundings.slots = slots;
    driver = std::make_unique<Driver>(make_native_evaluator({model, param.dump()}, surroundings));
    return *driver;
}

Driver& NativeEvaluation::start(const std::vector<json>& configurations, unsigned slots) {
    restart(slots);
    for (std::size_t i = 0; i < configurations.size(); ++i) {
        driver->evaluator().start(order_for(static_cast<std::uint32_t>(i), configurations[i]));
    }
    return *driver;
}

TrialOrder NativeEvaluation::order_for(std::uint32_t trial, const json& configuration, std::uint32_t attempt) const {
    json whole = param;
    whole.update(configuration);
    return order(trial, whole.dump(), attempt);
}

std::map<std::uint32_t, std::vector<double>> NativeEvaluation::losses() const {
    std::map<std::uint32_t, std::vector<double>> found;
    for (const AttemptReported& report : driver->reported) {
        found[report.trial.value].push_back(metric(report, "loss"));
    }
    return found;
}

}  // namespace hpogrid::trials::test
