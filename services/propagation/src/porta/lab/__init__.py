"""JupyterLab on the pool: how it is started, what it shows of Dask, and the examples it comes with.

``python -m porta.lab`` starts it, on one machine and in a pod alike.
"""
