#!/bin/sh
# A bundle where there is no network: installed, served, asked. unshare --net --map-root-user sh tests/offline.sh BUNDLE WORK
set -eu
bundle=$(realpath "$1") work=$(realpath -m "$2")
for name in $(env | sed -n 's/^\([A-Za-z_]*_[Pp][Rr][Oo][Xx][Yy]\|PIP_[A-Z_]*\|KEIKAKU_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
ip link set lo up
[ -z "$(ip route)" ] || { echo "there is a network" >&2; exit 1; }

rm -rf "$work"
mkdir -p "$work/home"
export HOME="$work/home" KEIKAKU_DATA_DIR="$work/var"
begun=$(date +%s)
sh "$bundle/install.sh" "$work/keikaku-navi"
echo "installed in $(($(date +%s) - begun)) s, $(du -sm "$work/keikaku-navi" | cut -f1) MB"

"$work/keikaku-navi/bin/keikaku" serve --samples --port 18080 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
for _ in $(seq 180); do
  curl --noproxy '*' -sf localhost:18080/readyz >/dev/null && break
  kill -0 "$server"
  sleep 1
done
curl --noproxy '*' -sf localhost:18080/api/ask -H 'content-type: application/json' \
  -d '{"question":"八策①の2024年度の予算規模はいくらですか"}' | grep -q '7.2億円'
echo 'served and answered without a network'
