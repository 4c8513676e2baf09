# shellcheck shell=bash
# Machines with a fresh Debian 12 of their own, for tests that are too slow for CI; they read this with "source". Needs
# root and debootstrap; downloads from the mirror that this machine's apt uses.

timings=()

# timed WHAT COMMAND…: runs it and remembers how long it took.
timed() {
    local what=$1 began=$SECONDS status=0
    shift
    echo "=== $what"
    "$@" || status=$?
    timings+=("$(printf '%5d s  exit %d  %s' $((SECONDS - began)) "$status" "$what")")
    return "$status"
}

# needs_root PROGRAM: ends the test where a machine cannot be made.
needs_root() {
    if [[ $(id -u) -ne 0 ]] || ! command -v debootstrap >/dev/null; then
        echo "$1 needs root and debootstrap (containers/install-dependencies --develop)" >&2
        exit 1
    fi
}

# make_machine ROOT [PACKAGES]: a Debian 12 in a folder, with these packages (a,b). apt inside is told whatever it needs
# here to reach and to trust its mirror, and the authorities that are trusted here come along for those who install
# ca-certificates. Called where "set -e" has no effect, hence the returns.
make_machine() {
    local root=$1 packages=${2:+--include=$2} mirror
    mirror=$(apt-get indextargets --format "\$(CODENAME) \$(REPO_URI)" 'Created-By: Packages' |
        sed -n '/^bookworm /{s///;p;q}')
    mkdir -p "$root" || return
    debootstrap --variant=minbase ${packages:+"$packages"} bookworm "$root" "$mirror" >"$root.log" </dev/null ||
        { tail -n 20 "$root.log" >&2 && return 1; }
    apt-config dump | grep -E '^Acquire::(Check|https?::|Retries)' >"$root/etc/apt/apt.conf.d/90-as-outside"
    mkdir -p "$root/usr/local/share/ca-certificates" || return
    [[ ! -d /usr/local/share/ca-certificates ]] ||
        cp -aT /usr/local/share/ca-certificates "$root/usr/local/share/ca-certificates" || return
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
}

# in_machine ROOT USER COMMAND: a login shell's command inside, with mounts and processes of its own that vanish with it.
in_machine() {
    # shellcheck disable=SC2016  # expanded by the inner shell
    unshare --mount --pid --fork --kill-child --propagation private bash -ec '
        root=$1 user=$2 command=$3
        mount --bind "$root" "$root" # the root of the machine is a mount point, as on every machine
        mount -t proc proc "$root/proc"
        mount --rbind /sys "$root/sys"
        mount -t tmpfs tmpfs "$root/dev"
        for device in null zero full random urandom tty; do
            touch "$root/dev/$device"
            mount --bind "/dev/$device" "$root/dev/$device"
        done
        mkdir "$root/dev/shm" "$root/dev/pts"
        mount -t tmpfs tmpfs "$root/dev/shm"
        mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
        ln -s pts/ptmx "$root/dev/ptmx"
        ln -s /proc/self/fd "$root/dev/fd"
        exec env -i TERM="${TERM:-dumb}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            chroot "$root" su --login "$user" --command "$command"
    ' _ "$1" "$2" "$3" </dev/null
}

print_timings() {
    echo "=== Timings on $(nproc) cores"
    printf '%s\n' "${timings[@]}"
}
