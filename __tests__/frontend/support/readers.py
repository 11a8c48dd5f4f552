"""Opens an Arrow file by its name in every reader that people use, and prints how many rows each finds."""

import json
import sys

import pandas as pd
import polars as pl
import pyarrow.dataset
import pyarrow.feather

path = sys.argv[1]
tables = {
    "pandas": pd.read_feather(path),
    "polars": pl.read_ipc(path),
    "pyarrow.dataset": pyarrow.dataset.dataset(path, format="ipc").to_table(),
    "pyarrow.feather": pyarrow.feather.read_table(path),
}
print(json.dumps({name: table.shape[0] for name, table in tables.items()}))
