#!/bin/sh
# Installs the SDKs exactly as package-lock.json says and builds the page; does nothing twice.
set -e
cd "$(dirname "$0")"

missing() {
  echo "The tests with the SDKs for Node and the web need $1." >&2
  exit 1
}
command -v node >/dev/null || missing "Node 20.19 or newer on the PATH, as node"
node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
  process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' ||
  missing "Node 20.19 or newer; $(command -v node) is $(node --version)"
command -v npm >/dev/null || missing "npm on the PATH"
command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
  command -v google-chrome >/dev/null ||
  missing "Chromium on the PATH, as chromium, chromium-browser or google-chrome"

if [ ! -f node_modules/installed ] || [ package-lock.json -nt node_modules/installed ]; then
  # SQLite is compiled where no binary of it can be fetched; -O1 takes a third of the time.
  JOBS=max CFLAGS=-O1 CXXFLAGS=-O1 npm ci --no-audit --no-fund ||
    missing "the packages that package-lock.json names, and where SQLite must be compiled, a C++ compiler, make and Python 3; npm says above what failed"
  touch node_modules/installed
fi
npm run --silent build -- --logLevel warn
