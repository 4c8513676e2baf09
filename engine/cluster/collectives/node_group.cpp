#include "engine/cluster/collectives/node_group.hpp"

#include "engine/cluster/collectives/message_collectives.hpp"

#include "kernels/api/backend.hpp"

#include <fmt/format.h>

#include <signal.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>

namespace hpogrid::cluster {
namespace {

/// Texts travel in a fixed length.
constexpr std::size_t longest_text = 255;
constexpr std::string_view ready = "ready";

}  // namespace

NodeGroup::NodeGroup(Transport& channel, std::span<const NodeWorker> workers)
    : workers_{workers.begin(), workers.end()} {
    std::vector<int> ranks;
    for (const NodeWorker& worker : workers_) {
        ranks.push_back(worker.rank);
        watches_.emplace_back(worker.process);
    }
    messages_ = std::make_unique<MessageCollectives>(channel, std::move(ranks),
                                                     [this](int member) { return has_died(member); });
}

bool NodeGroup::has_died(int member) const {
    const auto index = static_cast<std::size_t>(member);
    // Where the kernel has no pidfd, whether the process is there must do.
    return watches_[index].ended() || (::kill(workers_[index].process, 0) != 0 && errno == ESRCH);
}

std::string NodeGroup::join_gpus(const std::string& gpu) {
    const std::vector<std::string> gpus = all_say(gpu);
    if (gpus.empty()) {
        return "a worker has died";
    }
    if (std::string hindrance = nccl_hindrance(gpus); !hindrance.empty()) {
        return hindrance;
    }
    if (gpu.empty() || workers_.size() == 1) {
        return {};
    }
    const auto device = kernels::find_cuda_device(gpu);
    const std::vector<std::string> seen = all_say(device ? "yes" : "");
    if (std::ranges::count(seen, "yes") != static_cast<std::ptrdiff_t>(workers_.size())) {
        return "a worker's process does not see its GPU";
    }
    std::string problem = join(*device);
    if (!problem.empty()) {
        nccl_.reset();
    }
    return problem;
}

std::string NodeGroup::join(int device) {
    std::string problem;
    kernels::NcclId id{};
    try {
        if (messages_->rank() == 0) {
            id = kernels::make_nccl_id();
        }
        messages_->broadcast(0, id);
        if (kernels::wait(*messages_) == kernels::Transfer::done) {
            nccl_ = kernels::make_nccl_collectives({.device = device,
                                                    .rank = messages_->rank(),
                                                    .size = messages_->size(),
                                                    .id = id,
                                                    .has_died = [this](int member) { return has_died(member); }});
            problem = kernels::wait(*nccl_) == kernels::Transfer::done ? "" : "NCCL brings the workers not together";
        } else {
            problem = "a worker has died";
        }
    } catch (const std::exception& error) {
        problem = error.what();
    }
    // One that could not join must not be waited for by the others.
    const std::vector<std::string> all = all_say(problem.empty() ? std::string{ready} : problem);
    const auto not_ready = std::ranges::find_if(all, [](const std::string& text) { return text != ready; });
    return all.empty() ? "a worker has died" : not_ready != all.end() ? *not_ready : "";
}

std::vector<std::string> NodeGroup::all_say(const std::string& text) {
    std::vector<std::string> texts;
    for (int member = 0; member < messages_->size(); ++member) {
        std::array<char, longest_text + 1> buffer{};
        if (member == messages_->rank()) {
            std::ranges::copy(text.substr(0, longest_text), buffer.begin());
        }
        messages_->broadcast(member, std::as_writable_bytes(std::span{buffer}));
        if (kernels::wait(*messages_) != kernels::Transfer::done) {
            return {};
        }
        texts.emplace_back(buffer.data());
    }
    return texts;
}

std::string nccl_hindrance(std::span<const std::string> gpus) {
    const auto with_gpu = std::ranges::count_if(gpus, [](const std::string& gpu) { return !gpu.empty(); });
    if (with_gpu == 0 || gpus.size() == 1) {
        return {};
    }
    if (with_gpu < std::ssize(gpus)) {
        return "not every worker of the node has a GPU";
    }
    for (const std::string& gpu : gpus) {
        if (std::ranges::count(gpus, gpu) > 1) {
            return fmt::format("{} workers share the GPU {}, and NCCL takes each once", std::ranges::count(gpus, gpu),
                               gpu);
        }
    }
    return kernels::nccl_built() ? "" : "this was built without NCCL";
}

}  // namespace hpogrid::cluster
