"""The trainer's step against a peer's: two processes that take turns on a device, with equal weights and windows."""
