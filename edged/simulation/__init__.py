"""A board made of files: physics behind, sysfs in front."""
