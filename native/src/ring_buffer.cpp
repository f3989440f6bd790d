// SPDX-License-Identifier: MIT
// From a readable ring to calls of a JavaScript function.
#include "ring_buffer.h"

#include "arguments.h"
#include "dispose.h"
#include "environment.h"
#include "error.h"
#include "log_capture.h"
#include "map.h"

namespace libbpf {

namespace {

// Records per wakeup: a program that never stops writing must not keep the event loop from everything else.
constexpr int recordsPerWakeup = 1024;

}  // namespace

Napi::Function RingBuffer::define(Napi::Env env) {
  return DefineClass(env, "RingBuffer", withDispose<RingBuffer, &RingBuffer::closeMethod>(env, {
      InstanceMethod<&RingBuffer::refMethod>("ref"),
      InstanceMethod<&RingBuffer::unrefMethod>("unref"),
  }));
}

RingBuffer::RingBuffer(const Napi::CallbackInfo& info) : Napi::ObjectWrap<RingBuffer>(info), Handle("ring buffer", "") {
  constexpr const char* operation = "ring buffer open";
  Napi::Env env = info.Env();
  Napi::Function onRecord = functionArgument(info[1], "onRecord");
  Napi::Value onError = optionsArgument(info[2]).value("onError");
  BpfMap& map = instanceArgument<BpfMap>(info[0], "map", "BpfMap");
  name_ = map.name();
  map_ = duplicate(env, map.fd(env, operation), operation, name_);
  LogCapture capture;
  ring_.reset(ring_buffer__new(map_.get(), RingBuffer::onRecord, this, nullptr));
  if (!ring_) fail(env, {.error = errno, .operation = operation, .object = name_, .log = capture.text});
  onRecord_ = std::make_shared<Callback>(onRecord, "libbpf.RingBuffer");
  if (!onError.IsUndefined()) {
    onError_ = std::make_shared<Callback>(functionArgument(onError, "onError"), "libbpf.RingBuffer");
  }
  int error = Poller::open(env, ring_buffer__epoll_fd(ring_.get()), this, &poller_);
  if (error) fail(env, {.error = error, .operation = operation, .object = name_});
  open(Environment::of(env).handles);
  Ref();  // Until closed: nobody needs to hold a ring buffer for its records to arrive.
}

void RingBuffer::release() noexcept {
  std::exchange(poller_, nullptr)->close();
  onRecord_.reset();
  onError_.reset();
  // A record's callback may close the ring it is read from; readable() then finishes the job.
  if (!consuming_) ring_.reset();
  if (!consuming_) map_.reset();
  Unref();
}

void RingBuffer::readable() noexcept {
  Napi::HandleScope scope(Env());
  [[maybe_unused]] Napi::Object alive = Value();
  budget_ = recordsPerWakeup;
  consuming_ = true;
  int result = ring_buffer__consume(ring_.get());
  consuming_ = false;
  if (!isOpen()) {
    ring_.reset();
    map_.reset();
    return;
  }
  if (result < 0 && result != -ECANCELED) report(-result);
}

// Called by libbpf; a negative result stops after this record.
int RingBuffer::onRecord(void* context, void* data, size_t size) {
  auto* self = static_cast<RingBuffer*>(context);
  std::shared_ptr<Callback> callback = self->onRecord_;
  try {
    Napi::HandleScope scope(self->Env());
    callback->call({copyBytes(self->Env(), data, size)});
  } catch (const Napi::Error&) {
    return -ECANCELED;  // The thread is being terminated.
  }
  return self->isOpen() && --self->budget_ > 0 ? 0 : -ECANCELED;
}

void RingBuffer::report(int error) noexcept {
  std::shared_ptr<Callback> callback = onError_;
  try {
    Napi::Error failure = makeError(Env(), {.error = error, .operation = "ring buffer read", .object = name_});
    if (callback) callback->call({failure.Value()});
    else napi_fatal_exception(Env(), failure.Value());
  } catch (const Napi::Error&) {
    close();
  }
}

void RingBuffer::refMethod(const Napi::CallbackInfo& info) {
  requireOpen(info.Env(), "ring buffer ref");
  poller_->ref();
}

void RingBuffer::unrefMethod(const Napi::CallbackInfo& info) {
  requireOpen(info.Env(), "ring buffer unref");
  poller_->unref();
}

}  // namespace libbpf
