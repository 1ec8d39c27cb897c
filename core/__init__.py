"""Pure calculations of a distributor visit: no input or output, no clock, no framework."""
