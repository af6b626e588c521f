"""Fit the sentence model: python -m tools.fit_sentences [--further] [--held-out]; needs the package torch.

Fits composed sentences, the `tune` set of `golden/instructions.json`, the texts of `golden/labelled.tsv` and
the readings that the tests of the parser verify, and writes `catalog/language/sentences.npz`: two networks of
11,800 steps, each about half an hour on one core. With `--further` the networks of that file are fitted on,
4,800 steps each, which is what new texts need; with `--held-out` the readings of every fifth test file are
not fitted.
"""

import csv
import math
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from stillroom.domain.language import reader
from stillroom.domain.language.doubts import LABELS, TOLD, labels_between, states_of
from stillroom.domain.language.reading import read_once
from stillroom.domain.language.sentence_model import HEADS, MOST_TOKENS, chances_of, features, sentence_model
from stillroom.domain.language.words.lexicon import lexicon, spelt
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.plans.plan import Plan
from stillroom.evaluation.instructions.sentences import Expectation, Sentence, Wish, sentences_of
from tools.composed_sentences import GOLDEN, Composer, Labelled

ROOT = Path(__file__).parents[1]
FITTED = ROOT / "src" / "stillroom" / "catalog" / "language" / "sentences.npz"
TESTS = "tests/unit/domain/language"
LEAST_VERIFIED = 1_000
SEED = 1
COMPOSED, VARIANTS = 110_000, 6  # sentences; variants of each written one
WIDTHS, LAYERS = (256, 256), 3  # of each network
FEATURES, MOST_FEATURES = 15_000, 20_000  # of a network; of one that is fitted on
LEAST_SEEN = 12  # occurrences of a feature that is new to a network
WARM_UP = 200  # steps
LETTERS_DROPPED, SENSES_DROPPED = 0.25, 0.08  # shares of features that are left out
PAINTED = ("white", "color", "gradient")
_PLACES = {label: at for at, label in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass of the fit.

    Attributes:
        rate: Highest learning rate.
        shares: How many texts of each source are in a batch, in the order of `sources_of`.
    """

    steps: int
    rate: float
    shares: tuple[int, int, int, int, int, int]


PASSES = (
    Pass(4_000, 1.3e-3, (16, 6, 8, 12, 20, 8)),
    Pass(7_000, 8e-4, (8, 5, 12, 12, 30, 9)),
    Pass(800, 3e-4, (6, 3, 12, 36, 18, 4)),
)
FURTHER = (Pass(4_500, 6e-4, (8, 5, 10, 12, 40, 12)), Pass(300, 2e-4, (6, 3, 12, 36, 16, 5)))
"""Passes of networks that were fitted before."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of a text in a test."""

    text: str
    base: Plan
    plan: Plan
    is_told: bool
    test: str

    @property
    def file(self) -> str:
        """The file of the test."""
        return self.test.partition("::")[0]

    @property
    def labelled(self) -> Labelled:
        """The text with the labels of its changes."""
        return _labelled(self.text, self.base, [self.plan], is_told=self.is_told)


def _labelled(text: str, base: Plan, plans: Sequence[Plan], *, is_told: bool) -> Labelled:
    """Label a text with the changes of the first plan; those of the others may be done."""
    asks, may = set[str](), set[str]()
    for plan in plans:
        new = states_of(plan) - states_of(base)
        may |= states_of(plan)
        for path, labels in labels_between(base, plan):
            may |= labels
            if plan is plans[0] and path != "backdrop.color":
                asks |= labels & new or set(sorted(labels)[:1])
    if plans[0].backdrop.kind != base.backdrop.kind and plans[0].backdrop.kind in PAINTED:
        asks.add("backdrop.kind=painted")
    if any(label.startswith("backdrop.kind") for label in asks):
        asks.discard("framing.fill-")
        may.add("framing.fill-")
    asks |= {TOLD} if is_told else set()
    return Labelled(text, frozenset(asks), frozenset(may - asks))


def verified() -> list[Reading]:
    """Run the tests of the parser and return what they read."""
    found: dict[tuple[str, Plan], Reading] = {}
    failed = Failed()
    understand = reader.understand

    def recorded(text: str, base: Plan, *, is_doubted: bool = False) -> reader.Understanding:
        read = understand(text, base, is_doubted=is_doubted)
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        if featured(text) and not _has_style(text):
            found.setdefault((text, base), Reading(text, base, read.plan, bool(read.told_back), test))
        return read

    with patch.object(reader, "understand", recorded), patch.object(reader, "chances_of", return_value={}):
        pytest.main([TESTS, "-q", "-p", "no:cacheprovider"], plugins=[failed])
    if len(found) < LEAST_VERIFIED:
        raise SystemExit("The tests of the parser do not run.")
    return [one for one in found.values() if one.test not in failed.tests]


class Failed:
    """Plugin of pytest that notes the tests that fail: the grammar alone reads their texts wrongly."""

    def __init__(self) -> None:
        self.tests: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that has failed."""
        if report.failed:
            self.tests.add(report.nodeid)


def _has_style(text: str) -> bool:
    return any(act.mood == "style" for act in read_once(text, lexicon()).acts)


def of_sentence(sentence: Sentence) -> Labelled:
    """Label a sentence of `tune` with what it must do."""
    expected = sentence.expect
    ways = [_expected(sentence.start, expected, alternative) for alternative in (0, 1, 2)]
    told = any(wish.told_back and not wish.any for wish in expected.wishes)
    one = _labelled(sentence.text, sentence.start, ways, is_told=told)
    asks = one.asks.union(*(_of_colours(wish) for wish in expected.wishes if wish.any))
    free = [*expected.may_change, *(path for wish in expected.wishes for path in _vague(wish.any))]
    may = {label for label in LABELS if label.startswith(tuple(free))} if free else set[str]()
    may |= {TOLD} if expected.may_tell or any(wish.told_back for wish in expected.wishes) else set()
    return Labelled(one.text, asks, (one.may | may) - asks)


def _of_colours(wish: Wish) -> set[str]:
    """Return the labels of a wish for a colour of the backdrop, or for a lighter or darker one."""
    tests = [str(one.test) for one in wish.any[0] if one.path == "backdrop.color"]
    ways = {">": "backdrop.exposure_ev+", "<": "backdrop.exposure_ev-"}
    return {ways.get(test, "backdrop.kind=painted") for test in tests}


def _vague(alternatives: Iterable[Iterable[Any]]) -> list[str]:
    """Return the fields and parts that a wish changes in any way."""
    return [one.path for conditions in alternatives for one in conditions if one.test == "changed"]


def _expected(base: Plan, expected: Expectation, alternative: int) -> Plan:
    """Return a plan that fulfils the conditions of the wishes, or of their other alternatives."""
    plan = base
    for wish in expected.wishes:
        if not wish.any:
            continue
        for condition in wish.any[min(alternative, len(wish.any) - 1)]:
            part, _, field = condition.path.partition(".")
            if field and condition.test not in ("changed", "same"):
                value = _fulfilling(condition.test, getattr(getattr(base, part), field))
                whole = getattr(plan, part).model_copy(update={field: value})
                plan = plan.model_copy(update={part: whole})
    return plan


def _fulfilling(test: Any, old: Any) -> Any:
    """Return a value that passes a test of a field."""
    if isinstance(old, str) and old.startswith("#") and test in (">", "<"):
        return "#ffffff" if test == ">" else "#000000"
    before = 0.5 if old is None else old
    if test in (">", "<"):
        return before + (0.1 if test == ">" else -0.1)
    if not isinstance(test, dict):
        return test
    kind = next(iter(test))
    step = 30 if isinstance(test[kind], int | float) and abs(test[kind]) > 2 else 0.1  # degrees
    if kind == "one_of":
        return test[kind][0]
    low, high = test[kind] if kind in ("between", "by", "times") else (0, 0)
    values: dict[str, Callable[[], Any]] = {
        "=": lambda: test["="],
        "between": lambda: (low + high) / 2,
        "by": lambda: before + (low + high) / 2,
        "times": lambda: before * (low + high) / 2,
        ">": lambda: max(before, test[">"]) + step,
        "<": lambda: min(before, test["<"]) - step,
    }
    return values[kind]() if kind in values else "#7f8fa0"


Example = tuple[list[list[int]], list[int], list[int]]
"""Features of each token, and the places of the labels that are asked and that may be done."""


class Examples:
    """Texts as places of their features."""

    def __init__(self, known: dict[str, int]) -> None:
        self.known = known

    def of(self, one: Labelled) -> Example:
        """Encode a labelled text."""
        words = [[self.known[name] for name in word if name in self.known] for word in featured(one.text)]
        return words, [_PLACES[label] for label in one.asks], [_PLACES[label] for label in one.may]


@lru_cache(maxsize=COMPOSED * 2)
def featured(text: str) -> list[list[str]]:
    """Return the features of the tokens of a text."""
    return features(spelt(text), tokenise(text, lexicon()))[:MOST_TOKENS]


class Layer(nn.Module):
    """A layer of a transformer, whose tokens also see their neighbours directly."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.near = nn.Parameter(torch.zeros(2, width))
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x: torch.Tensor, is_word: torch.Tensor) -> torch.Tensor:
        """Return the tokens after attention and a hidden layer."""
        count, length, _ = x.shape
        y = self.first(x)
        beside = functional.pad(y, (0, 0, 1, 1))
        y = y + self.near[0] * beside[:, :-2] + self.near[1] * beside[:, 2:]
        q, k, v = self.qkv(y).view(count, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        y = functional.scaled_dot_product_attention(q, k, v, is_word[:, None, None, :])
        x = x + self.out(y.transpose(1, 2).reshape(x.shape))
        return x + self.down(functional.relu(self.up(self.second(x))))


class Network(nn.Module):
    """A network of `SentenceModel`, with dropout."""

    def __init__(self, features: int, width: int) -> None:
        super().__init__()
        self.words = nn.Parameter(torch.randn(features, width) * 0.05)
        self.position = nn.Parameter(torch.randn(MOST_TOKENS, width) * 0.02)
        self.layers = nn.ModuleList(Layer(width) for _ in range(LAYERS))
        self.end = nn.LayerNorm(width)
        self.query, self.value = nn.Linear(width, len(LABELS)), nn.Linear(width, len(LABELS))
        self.bias = nn.Parameter(torch.full((len(LABELS),), -3.0))
        self.dropout = nn.Dropout(0.15)

    def forward(
        self, flat: torch.Tensor, starts: torch.Tensor, weights: torch.Tensor, is_word: torch.Tensor
    ) -> torch.Tensor:
        """Return the scores of the labels: (texts, labels)."""
        count, length = is_word.shape
        summed = functional.embedding_bag(flat, self.words, starts, mode="sum", per_sample_weights=weights)
        x = self.dropout(summed.view(count, length, -1) + self.position[:length])
        for layer in self.layers:
            x = layer(x, is_word)
        x = self.dropout(self.end(x))
        seen = self.query(x).float().masked_fill(~is_word[..., None], -1e9).softmax(1)
        return (seen * self.value(x).float()).sum(1) + self.bias


def loss_of(network: Network, batch: Sequence[Example], are_letters: torch.Tensor) -> torch.Tensor:
    """Return the summed cross entropy of a batch; what may be done does not count."""
    length = max(len(words) for words, _, _ in batch)
    wanted, counts = torch.zeros(len(batch), len(LABELS)), torch.ones(len(batch), len(LABELS))
    is_word = torch.zeros(len(batch), length, dtype=torch.bool)
    flat, starts = list[int](), list[int]()
    for at, (words, asks, may) in enumerate(batch):
        wanted[at, asks], counts[at, may], is_word[at, : len(words)] = 1, 0, True
        for word in words + [[]] * (length - len(words)):
            starts.append(len(flat))
            flat += word
    places = torch.tensor(flat)
    dropped = torch.where(are_letters[places], LETTERS_DROPPED, SENSES_DROPPED)
    weights = (torch.rand(len(flat)) > dropped).float()
    with torch.autocast("cpu", torch.bfloat16):
        scores = network(places, torch.tensor(starts), weights, is_word)
    smoothed = wanted * 0.98 + 0.002
    entropy = functional.binary_cross_entropy_with_logits(scores.float(), smoothed, reduction="none")
    return (entropy * counts).sum()


def fitted(
    network: Network, sources: Sequence[list[Example]], known: dict[str, int], how: Pass, *, seed: int
) -> None:
    """Fit a network to batches with some examples of each source."""
    are_letters = torch.tensor([name.startswith(("w:", "#", "c:")) for name in known])
    optimiser = torch.optim.AdamW(network.parameters(), betas=(0.9, 0.98), weight_decay=0.02, fused=True)
    chosen = random.Random(seed)
    for step in range(how.steps):
        share = min(1, step / WARM_UP) * (0.5 + 0.5 * math.cos(math.pi * step / how.steps))
        for group in optimiser.param_groups:
            group["lr"] = how.rate * share + 1e-6
        batch = [
            one
            for rows, size in zip(sources, how.shares, strict=True)
            for one in chosen.choices(rows, k=size)
        ]
        batch.sort(key=lambda one: len(one[0]))
        optimiser.zero_grad()
        losses = [loss_of(network, part, are_letters) / len(batch) for part in (batch[:40], batch[40:])]
        loss = sum(losses, torch.zeros(()))
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        if step % 100 == 0:
            print(step, f"{loss.item():.2f}", flush=True)


def _name(path: str) -> str:
    return path.removeprefix("layers.").removesuffix(".weight").replace(".bias", ":bias")


def stored(network: Network, known: dict[str, int]) -> dict[str, Any]:
    """Return the content of a network: matrices as eight bits with a scale for each row."""
    content: dict[str, Any] = {"features": np.array("\x1f".join(known))}
    for path, tensor in network.state_dict().items():
        values = tensor.numpy()
        name = _name(path)
        if values.ndim == 1 or name.endswith("near"):
            content[name] = values.astype(np.float16)
            continue
        scale = (np.abs(values).max(1, keepdims=True) / 127 + 1e-7).astype(np.float16)
        content[name] = np.clip(np.rint(values / scale.astype(np.float32)), -127, 127).astype(np.int8)
        content[f"{name}:scale"] = scale
    return content


def restored(at: int, counts: Counter[str]) -> tuple[Network, dict[str, int]]:
    """Return a network of the catalogue and its features, with those that are new to it."""
    with np.load(FITTED) as fitted:
        content = {name.partition("/")[2]: fitted[name] for name in fitted if name.startswith(f"{at}/")}
    known = {name: place for place, name in enumerate(str(content["features"]).split("\x1f"))}
    new = [name for name, seen in counts.most_common() if name not in known and seen >= LEAST_SEEN]
    network = Network(len(known), content["words"].shape[1])
    for path, tensor in network.state_dict().items():
        values = content[_name(path)].astype(np.float32)
        scale = content.get(f"{_name(path)}:scale", np.float32(1)).astype(np.float32)
        tensor.copy_(torch.from_numpy(values * scale))
    new = new[: MOST_FEATURES - len(known)]
    added = torch.randn(len(new), network.words.shape[1]) * 0.02
    network.words = nn.Parameter(torch.cat([network.words.data, added]))
    return network, known | {name: len(known) + place for place, name in enumerate(new)}


def written() -> list[Labelled]:
    """Return the texts of `golden/labelled.tsv` that name no style."""
    with (GOLDEN / "labelled.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Labelled(row["text"], frozenset(row["asks"].split()), frozenset(row["may"].split()))
        for row in rows
        if not _has_style(row["text"])
    ]


def sources_of(readings: Sequence[Reading]) -> list[list[Labelled]]:
    """Return composed sentences, the written ones with variants, and the readings of the tests."""
    composer = Composer(SEED)
    tune = [
        of_sentence(one)
        for one in sentences_of((GOLDEN / "instructions.json").read_text("utf-8"), "instructions.json")
        if one.part == "tune" and not _has_style(one.text)
    ]
    labelled = written()
    return [
        [composer.sentence() for _ in range(COMPOSED)],
        [composer.varied(one) for one in tune for _ in range(VARIANTS)],
        tune,
        [one.labelled for one in readings],
        labelled,
        [composer.varied(one) for one in labelled for _ in range(VARIANTS)],
    ]


def main() -> None:
    """Fit the model and write it."""
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    readings = verified()
    files = sorted({one.file for one in readings})
    held_out = set(files[::5]) if "--held-out" in sys.argv else set[str]()
    sources = sources_of([one for one in readings if one.file not in held_out])
    counts = Counter(name for rows in sources for one in rows for word in featured(one.text) for name in word)
    is_further = "--further" in sys.argv
    content: dict[str, Any] = {"labels": np.array("\n".join(LABELS))}
    for at, width in enumerate(WIDTHS):
        known = {name: place for place, (name, _) in enumerate(counts.most_common(FEATURES))}
        network = Network(len(known), width)
        if is_further:
            network, known = restored(at, counts)
        examples = Examples(known)
        encoded = [[examples.of(one) for one in rows] for rows in sources]
        for how in FURTHER if is_further else PASSES:
            fitted(network, encoded, known, how, seed=SEED + at)
        content |= {f"{at}/{name}": values for name, values in stored(network, known).items()}
    np.savez_compressed(FITTED, **content)
    sentence_model.cache_clear()
    chances_of.cache_clear()
    for kind, is_held_out in (("fitted", False), ("held out", True)):
        rows = [one for one in readings if one.plan != one.base and (one.file in held_out) == is_held_out]
        doubted = [one for one in rows if reader.understand(one.text, one.base).plan != one.plan]
        print(f"{kind}: {len(doubted)} of {len(rows)} readings doubted")


if __name__ == "__main__":
    main()
