"""The measurements of the house: printed, or with `--check` held against what may not be.

Counted over shared, functions, services and infra: lines of modules; lines of functions without
their docstring; attributes a class sets on itself (dataclasses and pydantic models hold values and
are left out); class names that stand more than once; comment lines per 100 lines; how unit tests
mirror modules: `tests/unit/a/b/test_c.py` tests `a/b/c.py`, or the package `a/b/c`; and whether the
word list of docs/architecture.md names what there is.
"""

import argparse
import ast
import io
import re
import subprocess
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).parents[1]
TREES = ("shared", "functions", "services", "infra")
UNIT = Path("tests/unit")
WORD_LIST = Path("docs/architecture.md")  # its section "Words": a table | word | means | where |

LONGEST_MODULE = 300
MOST_ATTRIBUTES = 12
# Unit tests of what is no single module: properties and journeys over a package, named for it.
BESIDE_THE_MIRROR: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Function:
    place: str
    lines: int


@dataclass(frozen=True, slots=True)
class Class:
    name: str
    place: str
    attributes: int
    holds_values: bool  # a dataclass, a model, an enum, a protocol


@dataclass(frozen=True, slots=True)
class Module:
    path: Path  # from the root
    lines: int
    comments: int
    functions: tuple[Function, ...]
    classes: tuple[Class, ...]


def modules(root: Path) -> list[Module]:
    """Every module of the product git knows below `root`, empty ones too."""
    known = _tracked(root, *(f"{tree}/*.py" for tree in TREES))
    return [read(root, path) for path in known]


def read(root: Path, path: Path) -> Module:
    source = (root / path).read_text("utf-8")
    tree = ast.parse(source)
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = sum(token.type == tokenize.COMMENT for token in tokens)
    return Module(
        path,
        source.count("\n"),
        comments,
        tuple(_functions(path, tree)),
        tuple(_classes(path, tree)),
    )


def _functions(path: Path, tree: ast.AST) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body
            docstring = body[0] if ast.get_docstring(node) is not None else None
            spoken = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - spoken
            yield Function(f"{path}:{node.lineno} {node.name}", lines)


def _classes(path: Path, tree: ast.AST) -> Iterator[Class]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            place = f"{path}:{node.lineno} {node.name}"
            yield Class(node.name, place, len(_own_attributes(node)), _holds_values(node))


def _own_attributes(node: ast.ClassDef) -> set[str]:
    """What methods of the class set on `self`."""
    return {
        inner.attr
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute)
        and isinstance(inner.ctx, ast.Store)
        and isinstance(inner.value, ast.Name)
        and inner.value.id == "self"
    }


def _holds_values(node: ast.ClassDef) -> bool:
    decorated = any("dataclass" in ast.dump(each) for each in node.decorator_list)
    return decorated or any(
        "Enum" in ast.dump(base) or "Protocol" in ast.dump(base) for base in node.bases
    )


# -- names and mirror ----------------------------------------------------------------------------


def doubled(found: Sequence[Module]) -> dict[str, list[str]]:
    """Class names that stand more than once, with their places."""
    places = defaultdict(list)
    for module in found:
        for each in module.classes:
            places[each.name].append(each.place)
    return {name: where for name, where in sorted(places.items()) if len(where) > 1}


def mirrored(root: Path, found: Sequence[Module]) -> tuple[set[Path], list[Path]]:
    """The modules that have a unit test of their own, and the unit tests that are of no module."""
    names = {module.path for module in found}
    tested, astray = set(), []
    for test in _tracked(root, f"{UNIT}/test_*.py", f"{UNIT}/**/test_*.py"):
        target = test.relative_to(UNIT).with_name(test.name.removeprefix("test_"))
        package = target.with_suffix("") / "__init__.py"
        if target in names or package in names:
            tested.add(target if target in names else package)
        elif str(test) not in BESIDE_THE_MIRROR:
            astray.append(test)
    return tested, astray


# -- the word list --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """A row of the word list: names in one cell are told apart by commas."""

    names: tuple[str, ...]
    places: tuple[str, ...]  # what is set as code in the third cell: `core/session.py`


def words(root: Path) -> list[Word]:
    """The word list; empty where there is none."""
    text = (root / WORD_LIST).read_text("utf-8") if (root / WORD_LIST).exists() else ""
    section = re.search(r"^#+ Words\n(.*?)(?=^#|\Z)", text, re.DOTALL | re.MULTILINE)
    lines = section[1].splitlines() if section else []
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in lines
        if line.lstrip().startswith("|")
    ]
    return [_word(row) for row in rows[2:]]  # after the head and the line under it


def _word(row: Sequence[str]) -> Word:
    names = (name.strip(" `*") for name in row[0].split(","))
    where = row[2] if len(row) > 2 else ""
    return Word(tuple(filter(None, names)), tuple(re.findall(r"`([^`]+)`", where)))


def unknown_words(root: Path, found: Sequence[Module]) -> Iterator[str]:
    """Words that are the name of no class and no module, and places that are none, a line each."""
    classes = {each.name for module in found for each in module.classes}
    parts = {part for module in found for part in module.path.with_suffix("").parts}
    known = {_plain(name) for name in classes | parts}
    paths = {str(module.path) for module in found}
    paths |= {str(folder) for module in found for folder in module.path.parents}
    for word in words(root):
        for name in word.names:
            if _plain(name) not in known:
                yield f"{WORD_LIST}: {name!r} is the name of no class and no module"
        for place in word.places:
            wanted = f"/{place.strip('/')}"
            if not any(f"/{path}".endswith(wanted) for path in paths):
                yield f"{WORD_LIST}: {', '.join(word.names)}: there is no {place}"


def _plain(name: str) -> str:
    """A name as it is compared: "read-back" is `read_back` and `ReadBack`."""
    return re.sub(r"[\s_-]", "", name).casefold()


def _tracked(root: Path, *patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return sorted({Path(line) for line in listed.stdout.splitlines() if (root / line).exists()})


# -- what is printed, what fails -----------------------------------------------------------------


def report(root: Path) -> Iterator[str]:
    """The figures, a line each."""
    found = modules(root)
    lines = sum(module.lines for module in found)
    filled = [module for module in found if module.lines]
    yield _row("modules", f"{len(filled)}, {lines} lines")
    for most in (150, LONGEST_MODULE):
        yield _row(f"  over {most} lines", sum(module.lines > most for module in found))
    sizes = sorted(function.lines for module in found for function in module.functions)
    p50, p90 = quantiles(sizes, n=10)[4], quantiles(sizes, n=10)[8]
    yield _row("functions p50 / p90 / max", f"{p50:.0f} / {p90:.0f} / {sizes[-1]}")
    yield _row("  over 40 lines", f"{sum(size > 40 for size in sizes)} of {len(sizes)}")
    classes = [each for module in found for each in module.classes if not each.holds_values]
    widest = max(classes, key=lambda each: each.attributes)
    for most in (7, MOST_ATTRIBUTES):
        over = sum(each.attributes > most for each in classes)
        yield _row(f"classes over {most} attributes", f"{over} of {len(classes)}")
    yield _row("  the widest", f"{widest.name}, {widest.attributes}")
    yield _row("class names more than once", len(doubled(found)))
    folders = Counter(module.path.parent for module in filled)
    yield _row("folders over 10 modules", sum(count > 10 for count in folders.values()))
    yield from (_row(f"  {at}", count) for at, count in folders.most_common() if count > 10)
    comments = sum(module.comments for module in found)
    yield _row("comment lines per 100", f"{100 * comments / lines:.1f}")
    tested, astray = mirrored(root, found)
    yield _row("modules with a unit test", f"{len(tested)} of {len(filled)}")
    yield _row("unit tests of no module", len(astray))
    yield _row("words in the word list", sum(len(word.names) for word in words(root)))


def _row(name: str, figure: object) -> str:
    return f"{name:<44} {figure}"


def faults(root: Path) -> Iterator[str]:
    """What may not be, a line each."""
    found = modules(root)
    for module in found:
        if module.lines > LONGEST_MODULE:
            yield f"{module.path}: {module.lines} lines, more than {LONGEST_MODULE}"
        for each in module.classes:
            if each.attributes > MOST_ATTRIBUTES and not each.holds_values:
                yield f"{each.place}: {each.attributes} attributes, more than {MOST_ATTRIBUTES}"
    for name, places in doubled(found).items():
        yield f"class {name} stands more than once: {', '.join(places)}"
    for test in mirrored(root, found)[1]:
        yield f"{test}: there is no such module"
    yield from unknown_words(root, found)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.house", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--check", action="store_true", help="print only what may not be; 1 if any")
    parser.add_argument("--root", type=Path, default=ROOT, help="another checkout")
    given = parser.parse_args(argv)
    if not given.check:
        print("\n".join(report(given.root)))
        return 0
    wrong = list(faults(given.root))
    print("\n".join(wrong) or "the house is in order")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
