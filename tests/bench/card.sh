#!/usr/bin/env bash
# All that a machine with a card should be asked, in one call of some minutes:
#
#     PYTHON=.venv/bin/python tests/bench/card.sh [FOLDER]
#
# PYTHON has what netart and its tests need; nothing is installed here, and nothing fetched. FOLDER
# (out/card; from the repository's root) gets report.txt with all that was printed and every part's
# exit status, RESULTS.md with the figures, and three pictures to look at. A part that fails, or
# takes too long (status 124), stops no other; the exit status is 1 then.
set -u
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
folder=${1:-out/card}
failed=0
mkdir -p "$folder"
: >"$folder/report.txt"
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"

# part SECONDS ARGUMENT…: Python with these arguments, under a limit.
part() {
    local limit=$1 begin=$SECONDS status
    shift
    echo "## $*" >>"$folder/report.txt"
    timeout "$limit" "$python" "$@" >>"$folder/report.txt" 2>&1
    status=$?
    [ "$status" = 0 ] || failed=1
    echo "exit status $status after $((SECONDS - begin)) s: $*" | tee -a "$folder/report.txt"
}

part 30 -m netart doctor
for preset in silk lacquer nebula; do
    part 30 -m netart render "$preset" --size 2048x2048 -o "$folder/$preset.png"
done
part 240 tests/bench/gpu.py
cp tests/bench/RESULTS.md "$folder"
several=$("$python" -c 'import xdist' 2>/dev/null && echo "-n 4 --dist worksteal")
# shellcheck disable=SC2086 # none or several words
part 180 -m pytest tests/evaluate -q $several
part 90 tests/bench/check_presets.py
exit "$failed"
