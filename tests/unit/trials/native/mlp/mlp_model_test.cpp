#include "engine/trials/native/mlp/mlp_model.hpp"
#include "tests/unit/trials/native/native_fixture.hpp"

#include "kernels/api/backend.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hpogrid::trials::test {
namespace {

constexpr SlotId only_slot{0};

class MlpModel : public NativeEvaluation {
  protected:
    /// On so many devices, which are the cores.
    [[nodiscard]] std::unique_ptr<NativeModel> model_on(int devices) const {
        std::vector<std::unique_ptr<kernels::Backend>> backends;
        for (int i = 0; i < devices; ++i) {
            backends.push_back(kernels::make_host_backend(1));
        }
        return make_mlp_model(read_event_data(param, surroundings.data_folder), param, 2, std::move(backends));
    }
    [[nodiscard]] json configuration() const {
        json whole = param;
        whole.update({{"hidden", {16, 8}}, {"batch_size", 32}, {"layer_norm", true}, {"dropout", 0.1}, {"epochs", 50}});
        return whole;
    }
    /// The losses of so many epochs.
    static std::vector<double> train(NativeModel& model, int epochs) {
        std::vector<double> losses;
        while (epochs-- > 0) {
            const auto progress = model.train(std::array{only_slot});
            for (const auto& [name, value] : progress.front().metrics) {
                if (name == "loss" || name == "training_loss") {
                    losses.push_back(value);
                }
            }
        }
        return losses;
    }
    static void expect_nearly_equal(const std::vector<double>& a, const std::vector<double>& b) {
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            EXPECT_NEAR(a[i] / b[i], 1, 1e-5);
        }
    }
};

TEST_F(MlpModel, ReportsNearlyTheSameOnSeveralDevicesAsOnOne) {
    std::vector<std::vector<double>> losses;
    for (const int devices : {1, 2, 3}) {
        const auto trained = model_on(devices);
        static_cast<void>(trained->begin(only_slot, configuration(), {1, 2}, {}));
        losses.push_back(train(*trained, 10));
    }
    EXPECT_EQ(losses[0].size(), 20U);
    expect_nearly_equal(losses[1], losses[0]);
    expect_nearly_equal(losses[2], losses[0]);
}

TEST_F(MlpModel, GoesOnFromACheckpointOnAnotherNumberOfDevices) {
    const auto whole = model_on(1);
    static_cast<void>(whole->begin(only_slot, configuration(), {1, 2}, {}));
    const std::vector<double> losses = train(*whole, 6);

    const auto first = model_on(2);
    static_cast<void>(first->begin(only_slot, configuration(), {1, 2}, {}));
    std::vector<double> parts = train(*first, 3);
    const auto second = model_on(1);
    EXPECT_EQ(second->begin(only_slot, configuration(), {1, 2}, first->save(only_slot)).iteration, 3);
    const std::vector<double> rest = train(*second, 3);
    parts.insert(parts.end(), rest.begin(), rest.end());
    expect_nearly_equal(parts, losses);
}

}  // namespace
}  // namespace hpogrid::trials::test
