# What Rollbook needs on a machine: found, installed where that is easy, or named.

require_dotnet() {
  if ! command -v dotnet >/dev/null 2>&1; then
    echo "Rollbook needs the .NET 10 SDK, and there is no 'dotnet' on the PATH. Install it (package dotnet-sdk-10.0 of your system), then try again." >&2
    exit 2
  fi
  if ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    echo "Rollbook needs the .NET 10 SDK; this machine has: $(dotnet --list-sdks | cut -d' ' -f1 | tr '\n' ' '). Install version 10, then try again." >&2
    exit 2
  fi
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}

# install_package NAME: installs a Debian package when that can be done without asking anyone.
install_package() {
  command -v apt-get >/dev/null 2>&1 || return 1
  local as=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    as=(sudo -n)
  fi
  echo "Installing $1 …" >&2
  if ! "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$1" >&2 </dev/null; then
    "${as[@]}" apt-get update -q >&2 </dev/null &&
      "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$1" >&2 </dev/null
  fi
}

require_chromium() {
  [ -n "${ROLLBOOK_CHROMIUM:-}" ] && return
  for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then
      ROLLBOOK_CHROMIUM=$(command -v "$name")
      export ROLLBOOK_CHROMIUM
      return
    fi
  done
  install_package chromium || { echo "The browser tests need Chromium. Install the package chromium, then try again." >&2; exit 2; }
  ROLLBOOK_CHROMIUM=$(command -v chromium)
  export ROLLBOOK_CHROMIUM
}

require_sshd() {
  [ -x /usr/sbin/sshd ] || command -v sshd >/dev/null 2>&1 ||
    install_package openssh-server || { echo "The tests of SFTP start OpenSSH's server. Install the package openssh-server, then try again." >&2; exit 2; }
}

require_postgres() {
  if command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    return
  fi
  install_package postgresql || { echo "The tests start a PostgreSQL server of their own. Install the package postgresql (15 or newer), then try again." >&2; exit 2; }
}

require_slapd() {
  if [ -x /usr/sbin/slapd ] && command -v ldapmodify >/dev/null 2>&1; then
    return
  fi
  { install_package slapd && install_package ldap-utils; } || { echo "The tests start an OpenLDAP server of their own. Install the packages slapd and ldap-utils, then try again." >&2; exit 2; }
}

require_smtp() {
  [ -d /usr/lib/python3/dist-packages/aiosmtpd ] ||
    install_package python3-aiosmtpd || { echo "The tests start a mail server of their own. Install the package python3-aiosmtpd, then try again." >&2; exit 2; }
}

require_samba() {
  [ "$(id -u)" = 0 ] || return 0 # its ports can be had by root only; without them its test is skipped
  command -v samba-tool >/dev/null 2>&1 && command -v samba >/dev/null 2>&1 && [ -d /usr/share/samba/setup ] && return
  { install_package samba && install_package samba-ad-dc && install_package samba-ad-provision; } || { echo "The tests start a domain controller of their own. Install the packages samba-ad-dc and samba-ad-provision, then try again." >&2; exit 2; }
}
