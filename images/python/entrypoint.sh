#!/bin/sh
# numba takes a cache only where it can write, and the image's file system is read-only: so its built cache, a megabyte of
# compiled code, is copied to where it can. Without it everything works, but a process's first job compiles.
built=/opt/porta/numba
cache=${NUMBA_CACHE_DIR:-}
if [ -n "$cache" ] && [ -z "$(ls -A "$cache" 2>/dev/null)" ]; then
  { mkdir -p "$cache" && cp -R "$built/." "$cache/"; } ||
    echo "porta: $cache cannot be written (mount a volume there): the first job will compile, which takes seconds" >&2
fi
exec "$@"
