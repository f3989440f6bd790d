#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks Node.js and installs, with apt-get, the distribution packages that are missing for the groups named. It installs
# nothing that is there already (looked up by what is needed, not by package), removes nothing and starts no service.
#
# usage: install-dependencies.sh GROUP...        groups: build run demo test vm bench
set -eu
PATH="$PATH:/usr/sbin:/sbin"

# group, what is needed (a command, a pkg-config module or a file), the Debian and Ubuntu package that has it
needs() {
	cat <<-'END'
		build clang                                        clang
		build g++                                          g++
		build make                                         make
		build python3                                      python3
		build pkg-config                                   pkgconf
		build libbpf.pc                                    libbpf-dev
		build npm                                          npm
		run   ip                                           iproute2
		run   ethtool                                      ethtool
		run   sysctl                                       procps
		run   nsenter                                      util-linux
		run   mount                                        mount
		run   nft                                          nftables
		demo  curl                                         curl
		test  tcpdump                                      tcpdump
		test  dnsmasq                                      dnsmasq-base
		test  dig                                          bind9-dnsutils
		test  traceroute                                   traceroute
		test  ping                                         iputils-ping
		test  lftp                                         lftp
		test  /usr/lib/python3/dist-packages/pyftpdlib     python3-pyftpdlib
		test  /usr/lib/usrsctp/tsctp                       libusrsctp-examples
		vm    qemu-system-x86_64                           qemu-system-x86
		vm    busybox                                      busybox-static
		vm    mkfs.ext4                                    e2fsprogs
		vm    cpio                                         cpio
		vm    modprobe                                     kmod
		vm    xz                                           xz-utils
		vm    zstd                                         zstd
		vm    ipvsadm                                      ipvsadm
		vm    nginx                                        nginx-light
		vm    wrk                                          wrk
		bench haproxy                                      haproxy
		bench nginx                                        nginx-light
		bench wrk                                          wrk
	END
}

fail() {
	echo "install-dependencies: $*" >&2
	exit 1
}

is_there() {
	case $1 in
	*.pc) command -v pkg-config >/dev/null && pkg-config --exists "${1%.pc}" ;;
	/*) [ -e "$1" ] ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

missing_packages() {
	needs | while read -r group need package; do
		case " $* " in *" $group "*) is_there "$need" || printf '%s ' "$package" ;; esac
	done
}

check_node() {
	command -v node >/dev/null ||
		fail 'node is not in PATH: install Node.js 20.19 or newer (if only root lacks it: sudo env "PATH=$PATH" make ...)'
	node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
		fail "node $(node -v) at $(command -v node) is too old: install Node.js 20.19 or newer"
}

# Packages bring services that would start at once, and at every boot; here only their programs are wanted.
POLICY=/usr/sbin/policy-rc.d
hold_services() {
	[ ! -e "$POLICY" ] || return 0
	trap 'rm -f "$POLICY"' EXIT
	printf '#!/bin/sh\nexit 101\n' >"$POLICY"
	chmod 755 "$POLICY"
}

disable_services() {
	command -v systemctl >/dev/null || return 0
	for package in "$@"; do
		case $package in nginx-light) service=nginx ;; haproxy) service=haproxy ;; *) continue ;; esac
		systemctl --quiet disable "$service.service" 2>/dev/null || true
	done
}

install_packages() {
	command -v apt-get >/dev/null || fail "no apt-get here: install what these Debian packages hold: $*"
	[ "$(id -u)" = 0 ] || fail "missing packages, and not root: run 'sudo apt-get install $*' or this command with sudo"
	echo "installing missing packages: $*"
	hold_services
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq || echo 'install-dependencies: apt-get update failed; going on with the package lists at hand' >&2
	apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
		-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" >/dev/null ||
		fail "apt-get could not install: $*"
	disable_services "$@"
}

for group in "$@"; do
	needs | grep -q "^$group " || fail "no group '$group': build run demo test vm bench"
done
check_node
missing=$(missing_packages "$@")
[ -z "$missing" ] || install_packages ${missing}
