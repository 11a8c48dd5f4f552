"""Ensembles: many runs of the model at once, reduced on the pool to what one looks at. See docs/formats.md."""
