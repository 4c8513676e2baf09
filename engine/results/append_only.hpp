#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

namespace hpogrid::results {

/// A sequence that only grows, and whose views cost a few pointers however long it is.
///
/// One thread appends; views taken by it may be read by any other thread at the same time, because elements never move
/// or change and appending touches only memory that no view shows.
template <class Element>
class AppendOnly {
    static_assert(std::is_trivially_copyable_v<Element>);
    // Large blocks come from the system page by page, so that a nearly empty one costs next to nothing.
    static constexpr std::size_t block_size = (std::size_t{256} << 10U) / sizeof(Element);

  public:
    /// The first elements of the sequence, frozen.
    class View {
      public:
        [[nodiscard]] std::size_t size() const noexcept { return size_; }
        /// \pre index < size()
        [[nodiscard]] const Element& operator[](std::size_t index) const noexcept {
            return blocks_[index / block_size].get()[index % block_size];
        }
        /// Copies elements [begin, begin + count) out. \pre begin + count <= size()
        void copy(std::size_t begin, std::span<Element> out) const noexcept {
            while (!out.empty()) {
                const std::size_t offset = begin % block_size;
                const std::size_t count = std::min(out.size(), block_size - offset);
                std::copy_n(blocks_[begin / block_size].get() + offset, count, out.data());
                begin += count;
                out = out.subspan(count);
            }
        }

      private:
        friend class AppendOnly;
        std::vector<std::shared_ptr<const Element[]>> blocks_;
        std::size_t size_{0};
    };

    [[nodiscard]] std::size_t size() const noexcept { return view_.size_; }

    void push_back(const Element& element) {
        if (view_.size_ == blocks_.size() * block_size) {
            blocks_.push_back(std::shared_ptr<Element[]>{new Element[block_size]});
            view_.blocks_.push_back(blocks_.back());
        }
        blocks_.back().get()[view_.size_ % block_size] = element;
        ++view_.size_;
    }

    void append(std::span<const Element> elements) {
        for (const Element& element : elements) {
            push_back(element);
        }
    }

    [[nodiscard]] View view() const { return view_; }

  private:
    std::vector<std::shared_ptr<Element[]>> blocks_;
    View view_;
};

}  // namespace hpogrid::results
