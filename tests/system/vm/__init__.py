"""The kernel's own ina2xx driver, without a board: `make test-vm`.

The host side builds a small 32-bit ARM machine from Debian's packages, boots it under QEMU and prints
what its checks said. The guest side (`guest/`) is edged's source and a handful of pytest files that
change the registers of four emulated INA231 and watch edged read them through the real driver.

    debian    fetches packages for armhf, without touching the host's package system
    modules   builds ina2xx.ko and a faulty i2c-stub.ko from Debian's packaged kernel source
    image     lays out the guest's files as one initramfs: no disk, no systemd
    machine   boots it and ends it
    report    turns the guest's report into lines and a verdict
"""
