"""Porta: propagates satellites, and has a Dask pool do it once for everyone."""
