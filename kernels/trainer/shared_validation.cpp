#include "kernels/trainer/shared_validation.hpp"

#include <exception>
#include <thread>
#include <vector>

namespace hpogrid::kernels {
namespace {

void validate_on(std::span<const Bucket* const> buckets, std::size_t replica) {
    std::vector<const Plan*> plans;
    for (const Bucket* const bucket : buckets) {
        plans.push_back(&bucket->replicas()[replica]->validation);
    }
    buckets.front()->replicas()[replica]->backend->run(plans);
}

}  // namespace

void validate_in_shares(std::span<const Bucket* const> buckets) {
    if (buckets.empty()) {
        return;
    }
    const std::size_t count = buckets.front()->replicas().size();
    std::vector<std::exception_ptr> errors(count);
    const auto take_part = [&](std::size_t replica) noexcept {
        try {
            validate_on(buckets, replica);
        } catch (...) {
            errors[replica] = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        others.reserve(count - 1);
        for (std::size_t replica = 1; replica < count; ++replica) {
            others.emplace_back(take_part, replica);
        }
        take_part(0);
    }
    for (const std::exception_ptr& error : errors) {
        if (error) {
            std::rethrow_exception(error);
        }
    }
}

}  // namespace hpogrid::kernels
