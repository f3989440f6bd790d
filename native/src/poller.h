// SPDX-License-Identifier: MIT
// Waits in the event loop for a descriptor to become readable. Lives on its own until libuv has let go of it, which
// is after close(), and tells Node.js to wait for that when a thread ends.
#pragma once

#include <napi.h>
#include <uv.h>

namespace libbpf {

class Poller {
 public:
  class Listener {
   public:
    virtual void readable() noexcept = 0;

   protected:
    ~Listener() = default;
  };

  // Returns 0 or an errno. The descriptor must stay open until close().
  static int open(Napi::Env env, int fd, Listener* listener, Poller** poller);
  // The listener hears nothing afterwards. The poller deletes itself.
  void close() noexcept;

  void ref() { uv_ref(reinterpret_cast<uv_handle_t*>(&poll_)); }
  void unref() { uv_unref(reinterpret_cast<uv_handle_t*>(&poll_)); }

 private:
  explicit Poller(Listener* listener) : listener_(listener) { poll_.data = this; }
  ~Poller() = default;

  static void onReadable(uv_poll_t* poll, int status, int events);
  static void onClosed(uv_handle_t* handle);
  static void onThreadEnd(napi_async_cleanup_hook_handle hook, void* self);

  uv_poll_t poll_{};
  Listener* listener_;
  napi_async_cleanup_hook_handle hook_ = nullptr;
};

}  // namespace libbpf
