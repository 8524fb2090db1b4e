#!/usr/lib/edged/bin/python3
from edged.cli.main import main

main()
