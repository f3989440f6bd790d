// SPDX-License-Identifier: MIT
// Takes and drops the lock; the kernel drops it by itself when the process ends.
#include "file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include "arguments.h"
#include "dispose.h"
#include "environment.h"
#include "error.h"

namespace libbpf {

Napi::Function FileLock::define(Napi::Env env) {
  return DefineClass(env, "FileLock", withDispose<FileLock, &FileLock::releaseMethod>(env, {
      StaticMethod<&FileLock::acquire>("acquire"),
  }, "release"));
}

FileLock::FileLock(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<FileLock>(info), FdHandle("lock", info.Env(), takeParts<FileLock>(info, "FileLock.acquire()")) {
  Ref();  // A lock must not open because the garbage collector found it unused.
}

void FileLock::release() noexcept {
  FdHandle::release();
  Unref();
}

Napi::Value FileLock::acquire(const Napi::CallbackInfo& info) {
  std::string path = pathArgument(info[0]);
  bool wait = optionsArgument(info[1]).flag("wait");
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fail(info.Env(), {.error = errno, .operation = "lock acquire", .object = path});
  int result;
  do {
    result = flock(fd.get(), LOCK_EX | (wait ? 0 : LOCK_NB));
  } while (result && errno == EINTR);
  if (result && errno == EWOULDBLOCK) return info.Env().Undefined();
  if (result) fail(info.Env(), {.error = errno, .operation = "lock acquire", .object = path});
  return make<FileLock>(info.Env(), &Environment::fileLock, {std::move(fd), path});
}

}  // namespace libbpf
