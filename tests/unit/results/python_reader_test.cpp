#include "engine/results/results_file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/results/recorded_study.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <string>

namespace hpogrid::results {
namespace {

using nlohmann::json;

const char* const script = R"(
import sys
import h5py, numpy, pandas

f = h5py.File(sys.argv[1])
params = pandas.DataFrame({k: f["trials/params"][k][:] for k in f["trials/params"]})
assert list(params.columns) == ["conditional", "lr", "nesterov", "optimizer", "shape", "units"], list(params.columns)
assert params["lr"].dtype == numpy.float64 and params["units"].dtype == numpy.int64
assert params["nesterov"].dtype == bool and list(params["nesterov"]) == [True, False, True]
assert list(f["trials/params/optimizer"].asstr()[:]) == ["adam", "größe", "adam"]
assert list(f["trials/params/shape"].asstr()[:]) == ["[64,32]", "[8]", "[64,32]"]
assert numpy.isnan(params["conditional"][0]) and params["conditional"][1] == 2

trials = pandas.DataFrame({k: v[:] for k, v in f["trials"].items() if isinstance(v, h5py.Dataset)})
assert len(trials) == 3 and list(trials["id"]) == [0, 1, 2]
assert list(f["trials/state"].asstr()[:]) == ["completed", "failed", "assigned"]
assert list(f["trials/error"].asstr()[:]) == ["", "Ångström \ufffd", ""]
assert trials["duration"][0] == trials["ended"][0] - trials["started"][0]
assert numpy.isnan(trials["started"][2])

metrics = pandas.DataFrame({k: f["trials/metrics"][k][:] for k in f["trials/metrics"]})
assert metrics["loss"][0] == 0.0 and metrics["loss_last"][0] == 0.5 and numpy.isnan(metrics["loss"][2])
assert "val%2Floss" in metrics.columns

reports = pandas.DataFrame({k: v[:] for k, v in f["reports"].items() if isinstance(v, h5py.Dataset)})
reports["loss"] = f["reports/metrics/loss"][:]
assert list(reports[reports.trial_id == 0].loss) == [0.0, 0.5]

assert f.attrs["schema_version"] == 1 and f.attrs["seed"] == 2**64 - 1
assert f.attrs["best_trial"] == 0 and f.attrs["metric"] == "loss" and f.attrs["mode"] == "min"
assert f.attrs["status"] == "finished" and f.attrs["project_name"] == "digits"
import json
assert json.loads(f.attrs["config"])["project_name"] == "digits"
)";

std::string python() {
    const char* chosen = std::getenv("HPOGRID_PYTHON");
    return chosen != nullptr ? chosen : "/usr/bin/python3";
}

TEST(PythonReader, FindsTheWholeStudyWithH5pyAndPandas) {
    if (std::system((python() + " -c 'import h5py, pandas' 2>/dev/null").c_str()) != 0) {
        GTEST_SKIP() << python() << " has no h5py and pandas";
    }
    RecordedStudy run{{
        {"lr", space::Uniform{0, 1}, {}},
        {"units", space::UniformInt{1, 9}, {}},
        categorical("optimizer", {"adam", "größe"}),
        categorical("nesterov", {true, false}),
        categorical("shape", {json::array({64, 32}), json::array({8})}),
        {"conditional", space::UniformInt{1, 9}, {}},
    }};
    const space::Value zero = space::Category{0};
    const space::Value one = space::Category{1};
    run.join(1);
    run.suggest({0.5, std::int64_t{3}, zero, zero, zero, space::Inactive{}});
    run.suggest({0.25, std::int64_t{4}, one, one, one, std::int64_t{2}});
    run.suggest({0.125, std::int64_t{5}, zero, zero, zero, space::Inactive{}});
    run.start(0);
    run.report(0, {{"loss", 0.0}, {"val/loss", 3.0}}, 1);
    run.report(0, {{"loss", 0.5}}, 2);
    run.end(0);
    run.start(1);
    run.report(1, {{"loss", std::numeric_limits<double>::quiet_NaN()}});
    run.end(1, study::Outcome::failed, "Ångström \xFF");
    const tests::TemporaryFolder folder;
    write_results_file(folder.path() / "results.h5", run.snapshot(RunStatus::finished));
    const auto program = folder.write("read.py", script);
    EXPECT_EQ(std::system((python() + " " + program.string() + " " + (folder.path() / "results.h5").string()).c_str()),
              0);
}

}  // namespace
}  // namespace hpogrid::results
