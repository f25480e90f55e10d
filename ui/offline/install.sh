#!/bin/sh
# 計画ナビを、ネットワークなしでフォルダーに入れる / Installs Keikaku Navi into a folder, without a network.
# sh install.sh [FOLDER]    PYTHON=/path/to/python names another interpreter, KEIKAKU_MODEL_DIR another place of weights
set -eu

made_for="@PYTHON@ @MACHINE@"
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-keikaku-navi}
python=${PYTHON:-python@PYTHON@}

fail() {
  echo "$1" >&2
  exit 1
}

this=$("$python" -c 'import platform, sys; print("%d.%d" % sys.version_info[:2], platform.system(), platform.machine())') \
  || fail "$python がありません。PYTHON=… で Python @PYTHON@ を指定してください / not found: name Python @PYTHON@ by PYTHON=…"
[ "$this" = "$made_for" ] \
  || fail "Python $made_for 用です（ここは $this）。同じ種類の計算機で作り直してください / made for Python $made_for, this is $this: make it on a machine like this one"
[ ! -e "$folder" ] || [ -x "$folder/bin/keikaku" ] || [ -z "$(ls -A "$folder")" ] \
  || fail "$folder は空ではありません。別のフォルダーを指定してください / is not empty: name another folder"

(cd "$here" && sha256sum --check --quiet SHA256SUMS) \
  || fail "ファイルが壊れているか、足りません。もう一度コピーしてください / files are damaged or missing: copy the bundle again"

[ -e "$folder" ] || trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder" \
  || fail "仮想環境を作れません（Debian では apt install python3-venv）/ no virtual environment can be made (Debian: apt install python3-venv)"
for package in pip keikaku-navi; do
  "$folder/bin/python" -m pip --isolated --disable-pip-version-check install --quiet --no-index \
    --find-links "$here/wheels" --constraint "$here/constraints.txt" --upgrade "$package" \
    || fail "インストールできません。空き容量（4 GB）を確認してください / cannot be installed: is there room (4 GB)?"
done

models=$("$folder/bin/python" -c 'from corpus.settings import load_settings; print(load_settings().model_dir)')
mkdir -p "$models"
for model in "$here"/models/*; do
  name=${model##*/}
  cmp -s "$model/manifest.json" "$models/$name/manifest.json" && continue
  rm -rf "$models/.$name.new"
  cp -R "$model" "$models/.$name.new"
  rm -rf "${models:?}/$name"
  mv "$models/.$name.new" "$models/$name"
done
trap - EXIT

echo "入りました。次で始めます / installed; start it with: $folder/bin/keikaku serve --samples"
