# Sourced by the scripts beside it, from the project root: stac_venv demo | stac_venv demo,test
# Leaves .venv ready, with the extras that were asked for, or exits 1. stac_tools adds the tools of scripts/check.
#   STAC_PYTHON=/path/to/python3   makes .venv with that Python, 3.11 to 3.13, and makes it again when it has another
#   STAC_PIP_ONLY=1                installs only with pip, without uv
# When nothing has changed it needs no network and writes nothing, so a reader without write access may run the demo.

die() { printf '%s\n' "$@" >&2; exit 1; }

# A Python of ours, that can make an environment with pip in it.
full() { "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' >/dev/null 2>&1; }

# Runs each candidate: a shim can be on PATH and still fail, and Debian's Python may lack ensurepip.
pick() {
  for candidate in "${STAC_PYTHON:-python3}" python3.13 python3.12 python3.11 /usr/bin/python3; do
    if full "$candidate"; then printf '%s\n' "$candidate"; return 0; fi
    [ -z "${STAC_PYTHON:-}" ] || return 1
  done
  return 1
}

base() { "$1" -c 'import sys; print(*sys.version_info[:3], sys.base_prefix)' 2>/dev/null; }

# The sources of an installed extra. The folder's own path is stored separately, in .venv/.root.
stamp() { cat pyproject.toml constraints.txt requirements/*.txt | cksum; }

# A .venv that works, is where it was made, and has the Python that was asked for.
# bin/python existing is no proof: `python3 -m venv` without ensurepip leaves it behind.
sound() {
  [ "$PWD" = "$(cat .venv/.root 2>/dev/null)" ] && .venv/bin/python -c 'import pip' >/dev/null 2>&1 &&
    { [ -z "${STAC_PYTHON:-}" ] || [ "$(base .venv/bin/python)" = "$(base "$STAC_PYTHON")" ]; }
}

# Each extra has a stamp of its own: demo,test includes demo.
ready() {
  now=$(stamp)
  for extra in $(echo "$1" | tr , ' '); do
    [ "$now" = "$(cat ".venv/.ok-$extra" 2>/dev/null)" ] || return 1
  done
  sound
}

stac_venv() {
  unset PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX
  # Some machines keep Python from writing what it has compiled: each start of Prefect or Streamlit would compile again
  # (6 s for 3), and each process of the tests. Compiling all that is installed, at once, takes 20 s and more.
  unset PYTHONDONTWRITEBYTECODE
  export PYTHONNOUSERSITE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
  if ready "$1"; then return 0; fi
  if [ ! -w . ] || { [ -e .venv ] && [ ! -w .venv ]; }; then
    die ".venv must be made or brought up to date, but $(id -un) may not write here." \
        "Run this as the owner ($(ls -ld . | awk '{print $3}')), or work in a copy of your own."
  fi
  # Only this subshell has the lock: a server that is started later does not.
  (
    if command -v flock >/dev/null; then
      flock -n 9 || { echo 'waiting for another install' >&2; flock 9; }
    fi
    ready "$1" || build_venv "$1"
  ) 9>>.venv.lock || exit 1
}

make_venv() {
  python=$(pick) || {
    [ -z "${STAC_PYTHON:-}" ] || die "STAC_PYTHON=$STAC_PYTHON is not a Python 3.11 to 3.13 with venv and ensurepip."
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
          python3-venv ca-certificates; } >/dev/null || true
    fi
    python=$(pick) || die 'Python 3.11, 3.12 or 3.13 with venv is needed: as root, apt-get install python3-venv' \
      'or name one yourself: STAC_PYTHON=/path/to/python3'
  }
  rm -rf .venv
  { "$python" -m venv .venv && pwd > .venv/.root; } || { rm -rf .venv; die "$python -m venv failed; see above."; }
}

build_venv() {
  sound || make_venv
  for old in .venv/.ok-*; do
    [ "$(stamp)" = "$(cat "$old" 2>/dev/null)" ] || rm -f "$old"
  done
  echo "installing stac-engine[$1] into .venv, $(.venv/bin/python -V)" >&2
  set -- "$1" "$(stamp)"
  # uv is quicker, pip is the fallback. What an earlier install left on this machine needs no network: every
  # version is pinned, and asking an index for each package can take ten seconds. A file whose hash is not in
  # requirements/ is refused. One library has no wheel: what builds it is installed first, with hashes too, and not
  # fetched for the build. The last step installs this folder, and may fetch nothing.
  files=$(for extra in $(echo "$1" | tr , ' '); do printf ' -r requirements/%s.txt' "${extra%demo}"; done)
  files=$(echo "$files" | sed 's|requirements/\.txt|requirements/product.txt|')
  pip='.venv/bin/python -m pip install -q --no-build-isolation'
  by_uv() { UV_SYSTEM_CERTS=1 UV_HTTP_RETRIES=1 .venv/bin/uv pip install -q -p .venv/bin/python --no-build-isolation "$@"; }
  by_uv_all() {
    # shellcheck disable=SC2086  # several words on purpose
    by_uv $1 --require-hashes -r requirements/build.txt && by_uv $1 --require-hashes $files &&
      by_uv --offline --no-deps -e .
  }
  # shellcheck disable=SC2086  # several words on purpose
  if [ -n "${STAC_PIP_ONLY:-}" ] || ! $pip --require-hashes --only-binary :all: -r requirements/installer.txt ||
     ! { by_uv_all --offline 2>/dev/null || by_uv_all; }; then
    $pip --require-hashes -r requirements/build.txt && $pip --require-hashes $files &&
      $pip --no-index --no-deps -e . || die 'the install failed (see above); run it again to go on.'
  fi
  # Written last and moved into place, so that an install that was cut short is never taken for a whole one.
  for extra in $(echo "$1" | tr , ' '); do
    printf '%s\n' "$2" > .venv/.ok-new && mv .venv/.ok-new ".venv/.ok-$extra"
  done
}

# Apart from the rest: they bring a checker of internationalised addresses that jsonschema, and with it Prefect and
# Streamlit, would load wherever it is there, which makes each start of theirs two seconds longer.
stac_tools() {
  now=$(stamp)
  [ "$now" = "$(cat .venv/tools/.ok 2>/dev/null)" ] && return 0
  echo 'installing the tools of scripts/check into .venv/tools' >&2
  rm -rf .venv/tools
  .venv/bin/python -m venv .venv/tools
  UV_SYSTEM_CERTS=1 UV_HTTP_RETRIES=1 .venv/bin/python -m uv pip install -q -p .venv/tools/bin/python \
    --require-hashes -r requirements/check.txt ||
    .venv/tools/bin/python -m pip install -q --require-hashes -r requirements/check.txt ||
    die 'the install failed (see above); run it again to go on.'
  printf '%s\n' "$now" > .venv/tools/.ok
}
