"""Lays model versions and what was measured of them out as tables for a terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from study.registry import RegisteredModel

Row = dict[str, Any]
NONE = "–"
BAR = 20
NO_FIGURES = "No figures: it was not fitted to decisions, so nothing was held out to measure it by."
WITHHELD = (
    "This study is reflexive: no figures are shown, only what proposes which code. 'stance' in "
    "study.toml says what a study's stance is."
)
HELD_OUT = (
    ("map", "mean average precision (mAP)"),
    ("macro_f1", "mean F1"),
    ("kappa", "mean κ with people"),
    ("hit1", "first proposal right"),
    ("rec3", "codes among the first three proposals"),
    ("ece", "expected calibration error"),
)


@dataclass(frozen=True)
class Version:
    """A model version, and the participants whose interviews it learnt from."""

    registered: RegisteredModel
    participants: tuple[str, ...]

    @property
    def figures(self) -> Row:
        """What training noted; empty where nothing was held out."""
        return dict(self.registered.figures)

    @property
    def codes(self) -> list[Row]:
        """What was noted of each code, by average precision; those too few to tell come last."""
        return sorted(
            self.figures.get("codes", ()),
            key=lambda code: (not code["is_told"], -(code["average_precision"] or 0), code["key"]),
        )

    @property
    def held_out(self) -> Row:
        """The figures over all codes."""
        return dict(self.figures.get("held_out") or {})


def list_facts(version: Version, *, is_shown: bool) -> Row:
    """Give what tells versions apart; figures of agreement only where they may be shown."""
    model = version.registered.model
    facts = {
        "id": model.id,
        "method": model.method,
        "state": model.state,
        "made_at": model.made_at.isoformat(),
        "encoder": model.encoder,
        "sha256": model.sha256,
        "codebook_version": model.codebook_version,
        "n_excerpts": version.registered.n_excerpts,
        "n_participants": len(version.participants),
    }
    if is_shown:
        facts |= {name: version.held_out.get(name) for name in ("map", "macro_f1")}
    return facts


def list_figures(version: Version, *, is_shown: bool) -> Row:
    """Give all that is known of a version; where no figures may be shown, what proposes what."""
    facts = list_facts(version, is_shown=is_shown) | {"participants": list(version.participants)}
    if is_shown:
        return facts | {"figures": version.figures}
    codes = [{"key": code["key"], "method": code["method"]} for code in _by_key(version)]
    return facts | {"codes": codes, "withheld": WITHHELD}


def draw_list(versions: Sequence[Version], *, is_shown: bool) -> str:
    """Draw one line a version."""
    if not versions:
        return "No model version is there yet. Run 'themeloop suggest'."
    head = ["", "proposes by", "state", "made", "codebook", "excerpts", "participants"]
    rows = [head + (["mAP", "F1"] if is_shown else [])]
    for version in versions:
        facts = list_facts(version, is_shown=is_shown)
        rows.append(
            [
                str(facts["id"]),
                facts["method"],
                facts["state"],
                f"{version.registered.model.made_at.astimezone():%Y-%m-%d %H:%M}",
                str(facts["codebook_version"]),
                str(facts["n_excerpts"]),
                str(facts["n_participants"] or NONE),
                *((_figure(facts["map"]), _figure(facts["macro_f1"])) if is_shown else ()),
            ]
        )
    return "\n".join(_align(rows))


def draw_version(version: Version, *, is_shown: bool) -> str:
    """Draw what a version is, and what was measured of it."""
    lines = [*_describe(version)]
    if not is_shown:
        rows = [["code", "proposed by"], *([c["key"], c["method"]] for c in _by_key(version))]
        return "\n".join([*lines, WITHHELD, *(["", *_align(rows)] if rows[1:] else [])])
    if not version.held_out:
        return "\n".join([*lines, NO_FIGURES])
    parts = (_measure(version), _draw_codes(version), _draw_reliability(version))
    drawn = [list(part) for part in (*parts, _draw_generosity(version))]
    return "\n".join([*lines, *(line for part in drawn if part for line in ("", *part))])


def _describe(version: Version) -> Iterator[str]:
    model, figures = version.registered.model, version.figures
    yield (
        f"Model version {model.id}: {model.method}, {model.state}, made "
        f"{model.made_at.astimezone():%Y-%m-%d %H:%M} for codebook version "
        f"{model.codebook_version}; encoder {model.encoder}, SHA-256 {model.sha256[:12]}."
    )
    if version.participants:
        yield (
            f"Learnt from {len(model.trained_on)} interviews of {len(version.participants)} "
            f"participants: {', '.join(version.participants)}."
        )
    if not figures.get("codes"):
        yield f"Every code is proposed by {model.method}."


def _measure(version: Version) -> Iterator[str]:
    figures = version.figures
    how = {
        "blind": "coded before suggestions",
        "unassisted": "coded without suggestions, chosen ones included",
    }
    yield (
        f"Measured on {figures['n_judged']} excerpts of {figures['n_groups']} groups (families, "
        f"else participants), {how[figures['judged_by']]}; each was scored by what was learnt from "
        "other groups only."
    )
    width = max(len(name) for _, name in HELD_OUT)
    yield from (
        f"  {name:<{width}}  {_figure(version.held_out.get(key))}" for key, name in HELD_OUT
    )
    if compared := figures.get("compared"):
        yield (
            f"Against model version {compared['with']}: mAP {compared['map_difference']:+.3f} "
            f"(90% interval {compared['low']:+.3f} to {compared['high']:+.3f})."
        )
    if figures.get("decision"):
        yield f"It was {figures['decision']}: {'; '.join(figures.get('reasons', ()))}".rstrip(" :")


def _draw_codes(version: Version) -> Iterator[str]:
    if not version.codes:
        return
    rows = [["code", "given", "groups", "proposed by", "AP", "F1", "from", "why"]]
    for code in version.codes:
        measured = (code["average_precision"], code["f1"], code["threshold"])
        rows.append(
            [
                code["key"],
                str(code["n_positive"]),
                str(code["n_groups"]),
                code["method"],
                *(_figure(each) if code["is_told"] else NONE for each in measured),
                code["why"],
            ]
        )
    yield from _align(rows)
    yield (
        "given: excerpts with the code, of so many groups; AP: average precision; from: the least "
        f"probability that is proposed; {NONE}: too few to tell."
    )


def _draw_reliability(version: Version) -> Iterator[str]:
    rows = [["probability shown", "mean", "right", "excerpts", ""]]
    for each in version.figures.get("reliability", ()):
        share = each["share_right"]
        said = f"{each['low']:.2f} to {each['high']:.2f}"
        bar = "█" * round(BAR * (share or 0))
        rows.append([said, _figure(each["mean_probability"]), _figure(share), str(each["n"]), bar])
    if rows[1:]:
        yield from _align(rows)
        yield "A probability means what it says where 'mean' and 'right' are alike."


def _draw_generosity(version: Version) -> Iterator[str]:
    rows = [["generosity", "proposals per 100 excerpts", "of these wrong", "right", "found"]]
    for each in version.figures.get("generosity", ()):
        share = each["share_right"]
        n_wrong = NONE if share is None else f"{each['per_100_excerpts'] * (1 - share):.0f}"
        rows.append(
            [
                f"{each['generosity']:g}",
                f"{each['per_100_excerpts']:.0f}",
                n_wrong,
                _figure(share),
                _figure(each["share_found"]),
            ]
        )
    if rows[1:]:
        yield from _align(rows)
        yield "right: share of proposals that people gave; found: share of what they gave."


def _by_key(version: Version) -> list[Row]:
    return sorted(version.codes, key=lambda code: str(code["key"]))


def _figure(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}"


def _align(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
