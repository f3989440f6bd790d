// SPDX-License-Identifier: MIT
// Owners, handles and descriptors: opening and closing, not what is done with them in between.
#include "handle.h"

#include <bpf/bpf.h>
#include <fcntl.h>

#include <algorithm>
#include <climits>
#include <string_view>

#include "arguments.h"
#include "environment.h"
#include "error.h"

namespace libbpf {

void Owner::disown(Handle* handle) noexcept {
  // Searched from the end: what was opened last is usually closed first.
  auto found = std::find(handles_.rbegin(), handles_.rend(), handle);
  if (found != handles_.rend()) handles_.erase(std::next(found).base());
}

void Owner::closeAll() noexcept {
  while (!handles_.empty()) handles_.back()->close();
}

void Handle::open(Owner& owner) {
  owner.adopt(this);
  owner_ = &owner;
}

void Handle::close() noexcept {
  if (!owner_) return;
  owner_->disown(this);
  owner_ = nullptr;
  release();
}

void Handle::requireOpen(Napi::Env env, const char* operation) const {
  if (isOpen()) return;
  fail(env, {.error = EBADF,
             .operation = operation,
             .object = name_,
             .detail = std::string(kind_) + " " + name_ + " is closed"});
}

FdHandle::FdHandle(const char* kind, Napi::Env env, Descriptor descriptor)
    : Handle(kind, std::move(descriptor.name)), fd_(std::move(descriptor.fd)) {
  if (!descriptor.owner) {
    open(Environment::of(env).handles);
    return;
  }
  // Without this the object file could be collected, and with it a map that is still in use.
  keepsAlive_ = Napi::Persistent(descriptor.ownerObject);
  open(*descriptor.owner);
}

int FdHandle::fd(Napi::Env env, const char* operation) const {
  requireOpen(env, operation);
  return fd_.get();
}

void FdHandle::release() noexcept {
  fd_.reset();
  keepsAlive_.Reset();
}

void FdHandle::pinAt(const Napi::CallbackInfo& info, const char* operation) {
  std::string path = pathArgument(info[0]);
  if (bpf_obj_pin(fd(info.Env(), operation), path.c_str()) == 0) return;
  fail(info.Env(), {.error = errno, .operation = operation, .object = name_ + " at " + path});
}

void requireKind(Napi::Env env, const UniqueFd& fd, const char* operation, const std::string& object,
                 const char* kind) {
  char target[PATH_MAX];
  std::string self = "/proc/self/fd/" + std::to_string(fd.get());
  ssize_t length = readlink(self.c_str(), target, sizeof target);
  if (length <= 0) return;  // No /proc: nothing to check with.
  std::string_view name(target, static_cast<size_t>(length));
  if (name.find(kind) != std::string_view::npos) return;
  name.remove_prefix(name.find(':') + 1);  // "anon_inode:"; without a colon, nothing.
  fail(env, {.error = EINVAL,
             .operation = operation,
             .object = object,
             .detail = object + " is a " + std::string(name) + ", not a bpf-" + kind});
}

UniqueFd openPinned(const Napi::CallbackInfo& info, const char* operation, const char* kind) {
  std::string path = pathArgument(info[0]);
  Options options = optionsArgument(info[1]);
  struct bpf_obj_get_opts request;
  initialize(request);
  if (options.flag("readOnly")) request.file_flags = BPF_F_RDONLY;
  UniqueFd fd(bpf_obj_get_opts(path.c_str(), &request));
  if (!fd) fail(info.Env(), {.error = errno, .operation = operation, .object = path});
  requireKind(info.Env(), fd, operation, path, kind);
  return fd;
}

UniqueFd duplicate(Napi::Env env, int fd, const char* operation, const std::string& object) {
  UniqueFd copy(fcntl(fd, F_DUPFD_CLOEXEC, 3));
  if (!copy) fail(env, {.error = errno, .operation = operation, .object = object});
  return copy;
}

}  // namespace libbpf
