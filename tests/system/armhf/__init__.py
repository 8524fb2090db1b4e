"""edged in an emulated 32-bit ARM Debian 12, as on an ODROID: `make test-armhf`.

It is Debian's armhf Python, numpy and psutil and the armv7l wheel of tflite-runtime, run by qemu-user on this
machine's kernel. (`make test-vm` has an ARM kernel too, and much less of Debian.)

root       Debian's files and the wheels; kept in .cache/armhf
userspace  starts it, with all that is written to it in memory
checks/    what differs on 32 bits, real measurements, and the package
"""
