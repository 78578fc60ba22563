"""Finding an export on this machine, and saying what is wrong with one."""

import gzip
import json
from datetime import timedelta
from pathlib import Path

import pytest

from services.analytics import duck, exports
from services.analytics.exports import BadExport
from shared import schema
from shared.businesses import all_businesses
from tests.examples import a_call, a_job
from tests.unit.services.analytics.hand_made import AT, exported, item


def _open(folder: Path) -> list[str]:
    db = duck.open_views(exports.find(folder), all_businesses())
    return sorted(sid for (sid,) in db.execute("select call_sid from calls").fetchall())


def test_the_newest_export_of_a_table_is_read(tmp_path: Path) -> None:
    exports.write(tmp_path, schema.CALLS, [item(a_call("CA2"))], at=AT + timedelta(days=1))
    exports.write(tmp_path, schema.CALLS, [item(a_call("CA1"))], at=AT)

    assert _open(tmp_path) == ["CA2"]


def test_a_bucket_as_it_was_downloaded_is_read(tmp_path: Path) -> None:
    """With the manifests and checksums that DynamoDB writes beside the data."""
    exported(tmp_path / "exports", [a_call()])
    for data in tmp_path.rglob("data"):
        (data.parent / "_started").touch()
        (data.parent / "manifest-files.json").write_text('{"itemCount":1}')
        (data.parent / "manifest-summary.md5").write_text("x")

    assert _open(tmp_path) == ["CA1"]


def test_the_manifest_knows_the_table_where_the_folder_does_not(tmp_path: Path) -> None:
    exports.write(tmp_path, schema.CALLS, [item(a_call())], at=AT)
    (tmp_path / schema.CALLS).rename(tmp_path / "download (1)")

    assert _open(tmp_path) == ["CA1"]


def test_a_folder_for_each_table_with_the_files_in_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "part.json").write_text(json.dumps({"Item": item(a_call())}) + "\n")

    assert _open(tmp_path) == ["CA1"]


def test_tables_of_a_stage_keep_their_names(tmp_path: Path) -> None:
    for name in ("callwright-dev-calls", "callwright-dev-agent_turns"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.json").write_text("")

    assert set(exports.find(tmp_path).files) == {schema.CALLS, schema.AGENT_TURNS}


def test_an_export_in_several_files_is_read_whole(tmp_path: Path) -> None:
    calls = [item(a_call(f"CA{n}")) for n in range(5)]
    assert exports.write(tmp_path, schema.CALLS, calls, at=AT, lines_a_file=2) == 5

    assert len(list(tmp_path.rglob("*.json.gz"))) == 3
    assert len(_open(tmp_path)) == 5


def test_attributes_nobody_has_told_of_do_no_harm(tmp_path: Path) -> None:
    row = item(a_call()) | {"mood": {"S": "cheerful"}, "scores": {"L": [{"N": "1"}]}}
    exports.write(tmp_path, schema.CALLS, [row], at=AT)

    assert _open(tmp_path) == ["CA1"]


# -- what is wrong --------------------------------------------------------------------------------


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadExport, match="there is no such folder"):
        exports.find(tmp_path / "nowhere")


def test_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "calls.json").touch()
    with pytest.raises(BadExport, match="is a file; give the folder"):
        exports.find(tmp_path / "calls.json")


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(BadExport, match="no export of the calls table in it"):
        exports.find(tmp_path)


def test_data_of_no_known_table(tmp_path: Path) -> None:
    (tmp_path / "invoices").mkdir()
    (tmp_path / "invoices" / "a.json").write_text("{}")
    with pytest.raises(BadExport, match="of which table"):
        exports.find(tmp_path)


def test_only_other_tables(tmp_path: Path) -> None:
    exports.write(tmp_path, schema.JOBS, [item(a_job())], at=AT)
    with pytest.raises(BadExport, match=r"no export of the calls table in it \(found jobs\)"):
        exports.find(tmp_path)


def test_a_manifest_that_is_none(tmp_path: Path) -> None:
    exports.write(tmp_path, schema.CALLS, [item(a_call())], at=AT)
    next(tmp_path.rglob("manifest-summary.json")).write_text("<xml/>")
    with pytest.raises(BadExport, match="not a manifest of DynamoDB"):
        exports.find(tmp_path)


def test_a_file_that_was_cut_off(tmp_path: Path) -> None:
    exports.write(tmp_path, schema.CALLS, [item(a_call(f"CA{n}")) for n in range(50)], at=AT)
    data = next(tmp_path.rglob("*.json.gz"))
    data.write_bytes(data.read_bytes()[:-200])

    with pytest.raises(BadExport, match=r"00000.json.gz: broken gzip .* download it again"):
        _open(tmp_path)


def test_a_file_that_is_no_gzip(tmp_path: Path) -> None:
    exports.write(tmp_path, schema.CALLS, [item(a_call())], at=AT)
    next(tmp_path.rglob("*.json.gz")).write_bytes(b"<Error>AccessDenied</Error>")

    with pytest.raises(BadExport, match="broken gzip"):
        _open(tmp_path)


def test_a_line_that_is_no_json(tmp_path: Path) -> None:
    exports.write(tmp_path, schema.CALLS, [item(a_call())], at=AT)
    with gzip.open(next(tmp_path.rglob("*.json.gz")), "at") as out:
        out.write("{half\n")

    with pytest.raises(BadExport, match="line 2 is not JSON"):
        _open(tmp_path)


def test_lines_that_are_no_items(tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "a.json").write_text('{"call_sid":"CA1"}\n')

    with pytest.raises(BadExport, match="calls: 1 lines have no Item with a key"):
        _open(tmp_path)


def test_rows_of_another_table(tmp_path: Path) -> None:
    exports.write(tmp_path, schema.CALLS, [item(a_call()), item(a_job())], at=AT)

    with pytest.raises(BadExport, match="calls: 1 rows are of another table"):
        _open(tmp_path)


def test_rows_that_lack_an_attribute(tmp_path: Path) -> None:
    row = item(a_call())
    del row["started_at"], row["business_hours"]
    exports.write(tmp_path, schema.CALLS, [row, item(a_call("CA2"))], at=AT)

    with pytest.raises(
        BadExport,
        match=r"of 2 rows some lack an attribute: started_at \(1\), business_hours \(1\)",
    ):
        _open(tmp_path)
