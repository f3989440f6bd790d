#!/bin/sh
# SPDX-License-Identifier: MIT
# The command `xlvs`: Node.js takes this process's place and runs the bundle, which lies beside this file (in the checkout)
# or in ../lib/xlvs (installed). Called as `ipvsadm`, by a link of that name, it is `xlvs ipvsadm`.
here=$(dirname -- "$(readlink -f -- "$0")")
[ -e "$here/xlvs.mjs" ] || here="$(dirname -- "$here")/lib/xlvs"
case ${0##*/} in
ipvsadm) exec node "$here/xlvs.mjs" ipvsadm "$@" ;;
*) exec node "$here/xlvs.mjs" "$@" ;;
esac
