#include "engine/study/checkpoint_book.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hpogrid::study {

std::string folder_name(const Checkpoint& checkpoint) {
    return fmt::format("{:06}_{}_{}", checkpoint.trial.value, checkpoint.attempt, checkpoint.number);
}

bool is_checkpoint_name(std::string_view name) {
    if (name.ends_with(unfinished_suffix)) {
        name.remove_suffix(unfinished_suffix.size());
    }
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto number = [&] {
        const auto end = std::ranges::find_if_not(name, is_digit);
        const auto length = static_cast<std::size_t>(end - name.begin());
        name.remove_prefix(length);
        return length;
    };
    const auto separator = [&] {
        const bool there = name.starts_with('_');
        name.remove_prefix(there ? 1 : 0);
        return there;
    };
    constexpr std::size_t least_digits = 6;
    return number() >= least_digits && separator() && number() > 0 && separator() && number() > 0 && name.empty();
}

CheckpointBook::Handle CheckpointBook::add(const Checkpoint& checkpoint) {
    Handle handle = 0;
    if (free_.empty()) {
        handle = static_cast<Handle>(entries_.size());
        entries_.push_back({checkpoint, 1});
    } else {
        handle = free_.back();
        free_.pop_back();
        entries_[handle] = {checkpoint, 1};
    }
    handles_.emplace(name(checkpoint), handle);
    bytes_ += checkpoint.bytes;
    return handle;
}

std::optional<Checkpoint> CheckpointBook::release(Handle handle) {
    Entry& entry = entries_[handle];
    if (--entry.references > 0) {
        return std::nullopt;
    }
    handles_.erase(name(entry.checkpoint));
    bytes_ -= entry.checkpoint.bytes;
    free_.push_back(handle);
    return entry.checkpoint;
}

std::vector<Checkpoint> CheckpointBook::all() const {
    std::vector<Checkpoint> found;
    for (const auto& [key, handle] : handles_) {
        found.push_back(entries_[handle].checkpoint);
    }
    return found;
}

}  // namespace hpogrid::study
