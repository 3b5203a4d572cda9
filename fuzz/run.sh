#!/bin/sh
# fuzz/run.sh SECONDS [TARGET…]: runs every fuzz target that is built (or those named) for so long, one after the other,
# from its seeds in a temporary corpus. Prints the executions of each; fails when any finds something.
# Builds nothing: cmake --preset fuzz && ninja -C build/fuzz fuzzers
set -u
seconds=${1:?"usage: fuzz/run.sh SECONDS [TARGET…]"}
shift
root=$(cd "$(dirname "$0")/.." && pwd)
programs=$root/build/fuzz/fuzz
if [ $# -eq 0 ]; then
  for program in "$programs"/fuzz_*; do
    [ -x "$program" ] && [ -f "$program" ] && set -- "$@" "${program##*/fuzz_}"
  done
fi
[ $# -gt 0 ] || { echo "No fuzz target is built in $programs." >&2; exit 2; }

work=$(mktemp -d)
failed=0
printf '%-18s %14s %10s  %s\n' target executions corpus result
for target in "$@"; do
  mkdir -p "$work/$target/corpus" "$work/$target/found"
  [ -d "$root/fuzz/seeds/$target" ] && cp "$root/fuzz/seeds/$target/"* "$work/$target/corpus/" 2>/dev/null
  dictionary=$root/fuzz/dictionaries/$target.dict
  set --  # the rest of the names are held by the loop
  [ -f "$dictionary" ] && set -- "-dict=$dictionary"
  "$programs/fuzz_$target" "$work/$target/corpus" "$@" -max_total_time="$seconds" -max_len=16384 -timeout=10 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$work/$target/found/" >"$work/$target/log" 2>&1
  status=$?
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$target/log")
  result=clean
  if [ $status -ne 0 ]; then
    result="FOUND SOMETHING: $work/$target"
    failed=1
    tail -n 40 "$work/$target/log" >&2
  fi
  printf '%-18s %14s %10s  %s\n' "$target" "${executions:--}" "$(ls "$work/$target/corpus" | wc -l)" "$result"
done
[ $failed -eq 0 ] && rm -rf "$work"
exit $failed
