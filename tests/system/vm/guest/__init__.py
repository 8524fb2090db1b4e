"""Checks that run inside the emulated machine, against the kernel's own drivers."""
