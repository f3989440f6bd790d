// SPDX-License-Identifier: MIT
// Who closes what: every JavaScript object over a kernel resource is a Handle, and every handle has one Owner
// (the environment, or the object file it came from) that closes it before it goes away itself.
#pragma once

#include <napi.h>

#include <string>
#include <vector>

#include "unique_fd.h"

namespace libbpf {

class Handle;

class Owner {
 public:
  void adopt(Handle* handle) { handles_.push_back(handle); }
  void disown(Handle* handle) noexcept;
  // Last opened, first closed.
  void closeAll() noexcept;

 private:
  std::vector<Handle*> handles_;
};

class Handle {
 public:
  Handle(const char* kind, std::string name) : kind_(kind), name_(std::move(name)) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  void open(Owner& owner);
  // Idempotent. A derived class calls it from its destructor, while release() is still its own.
  void close() noexcept;
  // Throws BpfError EBADF once closed.
  void requireOpen(Napi::Env env, const char* operation) const;

  bool isOpen() const { return owner_ != nullptr; }
  const std::string& name() const { return name_; }

 protected:
  virtual ~Handle() = default;
  virtual void release() noexcept = 0;

  const char* kind_;
  std::string name_;

 private:
  Owner* owner_ = nullptr;
};

// What a map, program or link is made from: a descriptor, and the object file that owns it, if one does.
struct Descriptor {
  UniqueFd fd;
  std::string name;
  Owner* owner = nullptr;
  Napi::Object ownerObject;
};

class FdHandle : public Handle {
 public:
  FdHandle(const char* kind, Napi::Env env, Descriptor descriptor);
  ~FdHandle() override { close(); }

  // To be read last, right before the system call: reading an option may run JavaScript that closes the handle.
  int fd(Napi::Env env, const char* operation) const;

 protected:
  void release() noexcept override;
  bool ownedByObject() const { return !keepsAlive_.IsEmpty(); }
  void pinAt(const Napi::CallbackInfo& info, const char* operation);

 private:
  UniqueFd fd_;
  Napi::ObjectReference keepsAlive_;
};

// The name of a descriptor's kind ("map", "prog", "link") is checked, since the kernel answers an info request on
// the wrong kind with the wrong struct.
void requireKind(Napi::Env env, const UniqueFd& fd, const char* operation, const std::string& object,
                 const char* kind);
UniqueFd openPinned(const Napi::CallbackInfo& info, const char* operation, const char* kind);
UniqueFd duplicate(Napi::Env env, int fd, const char* operation, const std::string& object);

}  // namespace libbpf
