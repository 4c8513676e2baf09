// A network with one hidden layer learns to tell two noisy rings of points apart, by gradient descent with momentum.

#include "hpogrid_plugin.hpp"

#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace {

struct Point {
    double x, y, label;
};

std::vector<Point> two_rings(int count, std::mt19937_64& random) {
    std::uniform_real_distribution<double> angle{0.0, 6.283185307179586};
    std::normal_distribution<double> noise{0.0, 0.15};
    std::vector<Point> points;
    for (int i = 0; i < count; ++i) {
        const double radius = (i % 2 == 0 ? 0.5 : 1.0) + noise(random);
        const double phi = angle(random);
        points.push_back({radius * std::cos(phi), radius * std::sin(phi), i % 2 == 0 ? 0.0 : 1.0});
    }
    return points;
}

/// Parameters in one array, [hidden][x weight, y weight, bias, output weight] and the output's bias at the end.
class Network {
  public:
    Network(int hidden, bool relu, std::mt19937_64& random)
        : hidden_(static_cast<std::size_t>(hidden)),
          relu_{relu},
          weights_(4 * hidden_ + 1),
          velocity_(weights_.size()) {
        std::normal_distribution<double> normal{0.0, 1.0};
        for (double& weight : weights_) {
            weight = normal(random);
        }
    }

    double probability(const Point& point) const {
        double sum = weights_.back();
        for (std::size_t i = 0; i < hidden_; ++i) {
            sum += weights_[4 * i + 3] * activate(input(i, point));
        }
        return 1.0 / (1.0 + std::exp(-sum));
    }

    void learn(const std::vector<Point>& points, double rate, double momentum) {
        std::vector<double> gradient(weights_.size());
        for (const Point& point : points) {
            add_gradient(point, gradient);
        }
        for (std::size_t i = 0; i < weights_.size(); ++i) {
            velocity_[i] = momentum * velocity_[i] - rate * gradient[i] / static_cast<double>(points.size());
            weights_[i] += velocity_[i];
        }
    }

  private:
    double input(std::size_t i, const Point& point) const {
        return weights_[4 * i] * point.x + weights_[4 * i + 1] * point.y + weights_[4 * i + 2];
    }
    double activate(double value) const { return relu_ ? std::fmax(value, 0.0) : std::tanh(value); }
    double slope(double value) const {
        return relu_ ? (value > 0.0 ? 1.0 : 0.0) : 1.0 - std::tanh(value) * std::tanh(value);
    }

    void add_gradient(const Point& point, std::vector<double>& gradient) const {
        const double error = probability(point) - point.label;
        for (std::size_t i = 0; i < hidden_; ++i) {
            const double value = input(i, point);
            const double back = error * weights_[4 * i + 3] * slope(value);
            gradient[4 * i] += back * point.x;
            gradient[4 * i + 1] += back * point.y;
            gradient[4 * i + 2] += back;
            gradient[4 * i + 3] += error * activate(value);
        }
        gradient.back() += error;
    }

    std::size_t hidden_;
    bool relu_;
    std::vector<double> weights_;
    std::vector<double> velocity_;
};

void train(const hpogrid::plugin::Configuration& configuration, hpogrid::plugin::Reporter& reporter) {
    std::mt19937_64 random{reporter.seed()};
    const auto count = configuration.get<int>("points", 400);
    const std::vector<Point> training = two_rings(count, random);
    const std::vector<Point> validation = two_rings(count, random);
    Network network{configuration.get<int>("hidden"), configuration.get<std::string>("activation") == "relu", random};

    constexpr int steps_per_epoch = 20;
    for (int epoch = 0; epoch < configuration.get<int>("epochs", 30); ++epoch) {
        for (int step = 0; step < steps_per_epoch; ++step) {
            network.learn(training, configuration.get<double>("lr"), configuration.get<double>("momentum"));
        }
        double loss = 0.0;
        double right = 0.0;
        for (const Point& point : validation) {
            const double probability = network.probability(point);
            loss -= std::log(std::fmax(point.label > 0.5 ? probability : 1.0 - probability, 1e-12));
            right += (probability > 0.5) == (point.label > 0.5) ? 1.0 : 0.0;
        }
        const auto total = static_cast<double>(validation.size());
        reporter.report({{"accuracy", right / total}, {"loss", loss / total}});
    }
}

}  // namespace

HPOGRID_PLUGIN(two_rings, train)
