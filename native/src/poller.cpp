// SPDX-License-Identifier: MIT
// uv_poll_t with the two-step death that libuv asks for.
#include "poller.h"

#include <cerrno>
#include <utility>

namespace libbpf {

int Poller::open(Napi::Env env, int fd, Listener* listener, Poller** result) {
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return ENOTSUP;
  auto* poller = new Poller(listener);
  if (int error = uv_poll_init(loop, &poller->poll_, fd)) {
    delete poller;
    return -error;
  }
  napi_add_async_cleanup_hook(env, onThreadEnd, poller, &poller->hook_);
  if (int error = uv_poll_start(&poller->poll_, UV_READABLE, onReadable)) {
    poller->close();
    return -error;
  }
  *result = poller;
  return 0;
}

void Poller::close() noexcept {
  listener_ = nullptr;
  auto* handle = reinterpret_cast<uv_handle_t*>(&poll_);
  if (!uv_is_closing(handle)) uv_close(handle, onClosed);
}

void Poller::onReadable(uv_poll_t* poll, int, int) {
  // An error status comes with a descriptor that reads as broken, and the read reports it better.
  auto* self = static_cast<Poller*>(poll->data);
  if (self->listener_) self->listener_->readable();
}

void Poller::onClosed(uv_handle_t* handle) {
  auto* self = static_cast<Poller*>(handle->data);
  if (self->hook_) napi_remove_async_cleanup_hook(self->hook_);
  delete self;
}

void Poller::onThreadEnd(napi_async_cleanup_hook_handle, void* self) { static_cast<Poller*>(self)->close(); }

}  // namespace libbpf
