"""The files that the page's and the client's tests read are what is computed."""

from .golden import FOLDER, files


def test_the_golden_ensembles_are_what_is_computed() -> None:
    computed = dict(files())
    assert {path.name for path in FOLDER.iterdir()} == {*computed, "README.md"}
    for name, content in computed.items():
        assert (FOLDER / name).read_bytes() == content, name
