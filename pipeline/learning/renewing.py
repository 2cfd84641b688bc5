"""Carries a classifier over to another codebook or other settings, without training it anew."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models.carrying import carry_over
from models.levels import find_grouping_codes, mark_grouping_codes, unmark_grouping_codes
from models.packing import Arrays, pack_classifier, unpack_classifier
from models.stored import choose_thresholds_again
from pipeline.plan import CLASSIFIER, Wanted
from pipeline.proposers.classifier import list_parents
from study.folder import Study
from study.model_files import check_model, load_model
from study.records import ModelVersion

# What a version carries on as it was, beside what similarity is fitted anew.
KEPT = ("separable", "roles", "trained_on")


def is_renewable(study: Study, wanted: Wanted, model: ModelVersion) -> bool:
    """Tell whether what a version learnt is still of use: same encoder, and its files are there."""
    if model.method != CLASSIFIER or study.settings.proposer != CLASSIFIER:
        return False
    folder = study.folder / "models"
    if not check_model(folder, model.sha256):
        return False
    _, facts = load_model(folder, model.sha256)
    encoder = {"name": wanted.encoder.name, "revision": wanted.encoder.revision}
    return encoder.items() <= dict(facts["encoder"]).items()


def renew_classifier(
    study: Study,
    wanted: Wanted,
    model: ModelVersion,
    similarity: Arrays,
    facts: Mapping[str, Any],
) -> tuple[Arrays, dict[str, Any]]:
    """Give a classifier's arrays and facts with the codes and settings of now.

    Args:
        similarity, facts: Of the similarity models that were fitted anew.
    """
    arrays, known = load_model(study.folder / "models", model.sha256)
    stored = unpack_classifier(arrays, known)
    guids = [code.guid for code in wanted.codebook.codebook.codes]
    columns = {guid: place for place, guid in enumerate(known["codes"])}
    if guids != known["codes"]:
        stored = carry_over(stored, [columns.get(guid) for guid in guids])
    if known["generosity"] != study.settings.generosity:
        stored = choose_thresholds_again(stored, generosity=study.settings.generosity)
    choices = unmark_grouping_codes(stored.choices)
    grouping = find_grouping_codes(choices, list_parents(wanted.codebook.codebook))
    stored = replace(stored, choices=mark_grouping_codes(choices, grouping))
    packed, learnt = pack_classifier(stored)
    return {**similarity, **packed}, {
        **facts,
        **learnt,
        **{name: known[name] for name in KEPT},
        "method": CLASSIFIER,
        "codes": guids,
        "generosity": study.settings.generosity,
    }
