"""Dask's scheduler and workers, forked from a process that has everything loaded: a new one is there within a moment.

What takes seconds in a new process, on a busy machine most of a minute, is to import Dask, numba and our compiled code.
The parent process does that once, stays without threads, and forks a child for each scheduler or worker. It takes the
place of Dask's nanny: it starts again what ends, and ends a worker that takes too much memory.

``command``  Dask's own command lines, and what a child runs
``load``     what the parent imports before it forks
``child``    what a forked process does before it is Dask's
``keeper``   starts, watches and ends the children
"""
