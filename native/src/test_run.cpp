// SPDX-License-Identifier: MIT
// Program.testRun(): one BPF_PROG_TEST_RUN.
#include <bpf/bpf.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <system_error>
#include <thread>
#include <vector>

#include "arguments.h"
#include "error.h"
#include "program.h"

namespace libbpf {

namespace {

// A program may grow a frame at both ends; no frame of a test run grows past a page.
constexpr size_t growth = 4096;

std::optional<uint32_t> limited(const Options& options, const char* name, uint32_t max) {
  Napi::Value value = options.value(name);
  if (value.IsUndefined()) return std::nullopt;
  return unsignedArgument(value, name, max);
}

constexpr uint32_t maxBytes = 1u << 24;

struct Request {
  bpf_test_run_opts opts;
  std::vector<uint8_t> data, context, dataOut, contextOut;
};

std::vector<uint8_t> copyOf(const Options& options, const char* name) {
  Napi::Value value = options.value(name);
  if (value.IsUndefined()) return {};
  Bytes bytes = bytesArgument(value, name);
  return {bytes.begin(), bytes.end()};
}

// Copies its inputs, so that getters of the options object cannot pull a buffer away.
void fill(Request& request, const Options& options) {
  bpf_test_run_opts& opts = request.opts;
  initialize(opts);
  bool live = options.flag("liveFrames");
  opts.repeat = static_cast<int>(limited(options, "repeat", INT32_MAX).value_or(1));
  if (live) opts.flags |= BPF_F_TEST_XDP_LIVE_FRAMES;
  opts.batch_size = options.number("batchSize").value_or(0);
  if (auto cpu = options.number("cpu")) {
    opts.flags |= BPF_F_TEST_RUN_ON_CPU;
    opts.cpu = *cpu;
  }
  request.data = copyOf(options, "data");
  request.context = copyOf(options, "context");
  size_t dataOut = live || request.data.empty() ? 0 : request.data.size() + growth;
  request.dataOut.resize(limited(options, "dataOutSize", maxBytes).value_or(dataOut));
  request.contextOut.resize(limited(options, "contextOutSize", maxBytes).value_or(live ? 0 : request.context.size()));
}

template <class Pointer>
void point(std::vector<uint8_t>& bytes, Pointer& pointer, uint32_t& size) {
  size = static_cast<uint32_t>(bytes.size());
  pointer = bytes.empty() ? nullptr : bytes.data();
}

int runHere(int program, bpf_test_run_opts& opts) { return bpf_prog_test_run_opts(program, &opts) ? errno : 0; }

// A signal would end a repetition half way (EINTR), and to the kernel so does work that io_uring, which libuv uses, has
// left for the calling thread. Hence a thread that knows no ring and hears no signal.
int runElsewhere(int program, bpf_test_run_opts& opts) {
  int error = EAGAIN;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // The new thread inherits it.
  try {
    std::thread([&] { error = runHere(program, opts); }).join();
  } catch (const std::system_error& failure) {
    error = failure.code().value();
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error;
}

Napi::Uint8Array filled(Napi::Env env, const std::vector<uint8_t>& buffer, uint32_t length) {
  // Without a buffer the kernel still reports the size there would have been.
  return copyBytes(env, buffer.data(), std::min<size_t>(length, buffer.size()));
}

Napi::Object resultOf(Napi::Env env, const Request& request) {
  auto result = Napi::Object::New(env);
  result.Set("returnValue", request.opts.retval);
  result.Set("data", filled(env, request.dataOut, request.opts.data_size_out));
  result.Set("context", filled(env, request.contextOut, request.opts.ctx_size_out));
  result.Set("duration", request.opts.duration);
  return result;
}

}  // namespace

Napi::Value Program::testRun(const Napi::CallbackInfo& info) {
  Request request;
  fill(request, optionsArgument(info[0]));
  bpf_test_run_opts& opts = request.opts;
  point(request.data, opts.data_in, opts.data_size_in);
  point(request.dataOut, opts.data_out, opts.data_size_out);
  point(request.context, opts.ctx_in, opts.ctx_size_in);
  point(request.contextOut, opts.ctx_out, opts.ctx_size_out);
  int program = fd(info.Env(), "program testRun");
  bool interruptible = opts.repeat > 1 || opts.flags & BPF_F_TEST_XDP_LIVE_FRAMES;
  int error = interruptible ? runElsewhere(program, opts) : runHere(program, opts);
  if (error) fail(info.Env(), {.error = error, .operation = "program testRun", .object = name_});
  return resultOf(info.Env(), request);
}

}  // namespace libbpf
