# shellcheck shell=sh
# Which of the kernel's interfaces are here, and what the lack of one costs. Nothing of it is needed to install edged.
# `edged board` tells all of it, once it is installed.

check_kernel() {
    if exists /sys/devices/system/cpu/cpufreq/policy*; then
        ok "clocks (cpufreq)"
    else
        note "no clocks (cpufreq): a measurement over which the clock changes is not told from others"
    fi
    if exists /sys/class/thermal/thermal_zone*; then
        ok "temperatures"
    else
        note "no temperatures: it measures however hot the board is"
    fi
    check_throttling
    check_power
}

exists() { [ -e "$1" ]; }

check_throttling() {
    if ! exists /sys/class/thermal/cooling_device*; then
        note "no cooling devices: nobody can tell whether the silicon is held back"
    elif exists /sys/class/thermal/cooling_device*/stats; then
        ok "throttling, with the kernel's own counters"
    else
        note "no counters of cooling (CONFIG_THERMAL_STATISTICS): throttling is seen in samples, to 1.4 s in a minute"
    fi
}

check_power() {
    sources=
    ! grep -qs '^ina2' /sys/class/hwmon/hwmon*/name || sources="$sources ina2xx (hwmon)"
    ! grep -qs '^ina2' /sys/bus/iio/devices/*/name || sources="$sources ina2xx-adc (IIO)"
    ! exists /sys/bus/i2c/drivers/INA231/*-* || sources="$sources INA231 (vendor's kernel)"
    ! exists /sys/class/powercap/*/energy_uj || sources="$sources RAPL (powercap)"
    if [ -n "$sources" ]; then
        ok "power:$sources"
    elif grep -qs 'odroid-xu3' /proc/device-tree/compatible; then
        note "no power: the four INA231 of this board have no driver. Debian's kernel has only the IIO one:
           modprobe ina2xx-adc"
    else
        note "no power sensor, so no joules, until a SmartPower or an INA2xx is named in /etc/edged/edged.toml"
    fi
}
