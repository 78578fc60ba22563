"""The weights are a list a person can review: sorted, short, rounded."""

from shared.adapters.hazard_weights import WEIGHTS, load
from shared.domain.hazards.classifier import BIAS


def test_the_list_is_sorted_rounded_and_a_few_thousand_long() -> None:
    _, *lines = WEIGHTS.read_text("utf-8").splitlines()
    names = [line.split("\t")[0] for line in lines]
    assert names == sorted(names) and len(names) == len(set(names))
    assert 2_000 <= len(names) <= 16_001
    cells = {cell for line in lines for cell in line.split("\t")[1:] if cell}
    assert all(f"{float(cell):.2f}" == cell for cell in cells)


def test_no_entry_is_idle_and_the_margins_are_in_order() -> None:
    classifier = load()
    assert all(any(row) for name, row in classifier.weights.items() if name != BIAS)
    limits = classifier.thresholds
    assert limits.unsure < min(limits.life_safety, limits.other)
