#!/bin/bash
# Runs every static check, one line each; shows what a failing one said and goes on to the next.
# CHECKS="types imports" runs only some.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH=$PWD/.venv/bin:$PATH
failed=()

check() {
  local name=$1 started=$SECONDS output
  shift
  [[ -z ${CHECKS-} || " $CHECKS " == *" $name "* ]] || return 0
  if output=$("$@" 2>&1); then
    printf '  ok      %-13s %3ds\n' "$name" $((SECONDS - started))
  else
    printf '  FAILED  %-13s %3ds\n%s\n' "$name" $((SECONDS - started)) "$output"
    failed+=("$name")
  fi
}

# A linter given no file complains; a tree without any of its files has nothing wrong in it.
over() {
  local pattern=$1
  shift
  [ -z "$(git ls-files --cached --others --exclude-standard -- "$pattern" | head -n 1)" ] || "$@"
}

audit() {
  [[ -z ${CHECKS-} || " $CHECKS " == *" audit "* ]] || return 0
  local report=.venv/audit.json error=.venv/audit.err
  rm -f "$report"
  # Without --require-hashes' dependency on pip: the lock already names every package.
  if timeout 120 pip-audit --disable-pip --require-hashes --progress-spinner off -r requirements.txt \
    -f json -o "$report" >"$error" 2>&1; then
    printf '  ok      %-13s\n' audit
  elif [ -s "$report" ]; then
    printf '  FAILED  %-13s\n' audit
    python - "$report" <<'PYTHON'
import json, pathlib, sys
for package in json.loads(pathlib.Path(sys.argv[1]).read_text())["dependencies"]:
    for hole in package.get("vulns", []):
        print(f"{package['name']} {package['version']}: {hole['id']}, fixed in {hole['fix_versions']}")
PYTHON
    failed+=(audit)
  else
    # The database of known holes cannot be reached: that is no verdict, and must be seen.
    printf '  NOT AUDITED: %s\n' "$(tail -n 1 "$error" | cut -c 1-160)"
  fi
}

check format ruff format --check --quiet .
check lint ruff check --quiet .
check types mypy --no-error-summary
check imports lint-imports
check templates over 'templates/*.html' djlint --lint --quiet templates
check scripts npx --no-install eslint --max-warnings 0 .
check styles over 'static/css/*.css' npx --no-install stylelint 'static/css/**/*.css'
check spelling codespell
check dependencies deptry .
check translations python -m portal.cli.translations check
audit

if [ ${#failed[@]} -gt 0 ]; then
  echo "failed: ${failed[*]}"
  exit 1
fi
