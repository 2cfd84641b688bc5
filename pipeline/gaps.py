"""Finds what the codebook misses: excerpts that fit no code, grouped by meaning."""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from models.gaps import Group, centre_rows, count_fewest, find_common_words, group_by_meaning
from models.passages import IntArray
from models.vectors import FloatArray
from pipeline.linguistics import function_words
from pipeline.loose import CODED, UNSUGGESTED, SaidExcerpt, SaidInStudy, read_said
from study.folder import Study
from study.gaps import Gap, Gaps, LooseExcerpt
from study.vectors import missing_texts, read_vectors


def find_gaps(study: Study, interviews: Collection[str] | None = None) -> Gaps:
    """Find groups of excerpts that fit no code, those of most participants first.

    Args:
        interviews: Labels of those to look at; all where it is not given.

    Raises:
        StudyError: The study has no codebook.
    """
    said = read_said(study, interviews)
    known, vectors = _read_vectors(study, said)
    participants = _number([each.participant for each in known])
    loose = np.array([row for row, each in enumerate(known) if each.is_loose], dtype=np.int64)
    groups: tuple[Group, ...] = ()
    if len(loose):
        centred = centre_rows(vectors, _number([each.language for each in known]))
        groups = group_by_meaning(centred, loose, participants)
    fits = Counter(known[row].fit for row in loose)
    return Gaps(
        has_model=said.model is not None,
        gaps=_name_groups(known, groups, participants),
        n_finished=sum(each.is_finished for each in said.excerpts),
        n_coded=fits[CODED],
        n_unsuggested=fits[UNSUGGESTED],
        n_participants=len(np.unique(participants[loose])),
        n_without_vector=sum(each.is_loose for each in said.excerpts) - len(loose),
        n_interviews_held=said.n_interviews_held,
        fewest=count_fewest(len(loose)),
        is_outdated=said.model is not None and said.model.codebook_version_id != said.codebook.id,
    )


def _read_vectors(study: Study, said: SaidInStudy) -> tuple[list[SaidExcerpt], FloatArray]:
    if said.model is None:
        return [], np.zeros((0, 0), dtype=np.float32)
    encoder_id = said.model.encoder_id
    with study.database.read() as connection:
        texts = (each.excerpt.text for each in said.excerpts)
        missing = missing_texts(connection, encoder_id, texts)
        known = [each for each in said.excerpts if each.excerpt.text_hash not in missing]
        hashes = [each.excerpt.text_hash for each in known]
        return known, read_vectors(connection, encoder_id, hashes)


def _name_groups(
    known: Sequence[SaidExcerpt], groups: Sequence[Group], participants: IntArray
) -> tuple[Gap, ...]:
    if not groups:
        return ()
    languages = {each.language for each in known}
    dropped = frozenset().union(*(function_words(language) for language in languages))
    texts = [each.excerpt.text for each in known]
    words = find_common_words(texts, groups, participants, dropped=dropped)
    return tuple(
        Gap(
            number=number,
            excerpts=tuple(_hand_out(known[row]) for row in group.rows),
            n_participants=group.n_participants,
            words=common,
            cohesion=round(group.cohesion, 3),
        )
        for number, (group, common) in enumerate(zip(groups, words, strict=True), start=1)
    )


def _hand_out(said: SaidExcerpt) -> LooseExcerpt:
    return LooseExcerpt(
        id=said.excerpt.id,
        label=said.excerpt.label,
        interview=said.interview,
        participant=said.participant,
        language=said.language,
        text=said.excerpt.text,
        is_coded=said.fit == CODED,
        number=said.excerpt.position + 1,
    )


def _number(names: Sequence[str]) -> IntArray:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)
