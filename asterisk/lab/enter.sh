#!/bin/sh
# enter.sh ROOT DATA PAGE COMMAND [ARGUMENT…]
# Runs COMMAND inside a private Debian root, with DATA at /handset and PAGE at /page, and with the directory
# ENTER_AT, where set, at its own path and as the working directory. It has no capabilities but those of
# ENTER_CAPABILITIES (as setpriv writes them: +net_admin). The mounts are in a namespace of their own and go with
# the process. COMMAND takes over this very process, so that its PID is the one that was started, and it gets
# SIGTERM when whoever started it dies. With ENTER_AS=user it is not root in there either: a normal user stays who they
# are, and for root it is nobody.
set -eu
if [ "$1" != --inside ]; then
  # A normal user becomes root of a user namespace of their own: no rights gained outside it.
  if [ "$(id -u)" = 0 ]; then user=
  elif [ "${ENTER_AS:-}" = user ]; then user='--map-current-user --keep-caps'
  else user=--map-root-user; fi
  exec unshare $user --mount --uts --propagation private /bin/sh "$0" --inside "$@"
fi
root=$2 data=$3 page=$4 here=${ENTER_AT:-/}
shift 4
for shared in /proc /sys /dev /tmp; do mount --rbind "$shared" "$root$shared"; done
mount --bind "$data" "$root/handset"
mount --bind "$page" "$root/page"
if [ -e /etc/resolv.conf ]; then mount --bind /etc/resolv.conf "$root/etc/resolv.conf"; fi
# Asterisk looks its own host name up in every call: a name that /etc/hosts does not know costs seconds of DNS.
echo localhost > /proc/sys/kernel/hostname
if [ "$here" != / ]; then
  mkdir -p "$root$here"
  mount --rbind "$here" "$root$here"
fi
# No capabilities but those asked for: every port is above 1024 and every file is the starter's own.
kept=${ENTER_CAPABILITIES:+,$ENTER_CAPABILITIES}
if [ "${ENTER_AS:-}" = user ] && [ "$(id -u)" = 0 ]; then as='--reuid 65534 --regid 65534 --clear-groups'; fi
exec chroot "$root" /usr/bin/setpriv ${as:-} --pdeathsig SIGTERM --no-new-privs --bounding-set=-all$kept --inh-caps=-all -- \
  /usr/bin/env --chdir="$here" "$@"
