"""Transcripts of drawn Dutch words, put into a study's inbox as a team would put its own there."""

import os
import time
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bench.terminal import Report
from codebook.reader import read_codebook
from codebook.shipped import shipped_codebook_path
from pipeline.intake.arrivals import INBOX, find_arrived
from pipeline.intake.interviews import (
    FILE_NAME,
    InterviewList,
    InterviewRow,
    read_interviews,
    write_interviews,
)
from pipeline.intake.take_in import take_in_transcript
from pipeline.run import open_work
from pipeline.work import WATCHER, call_plainly, for_each
from study.clock import utc_now
from study.codebooks import store_codebook
from study.folder import Study, create_study
from study.settings import make_settings

DRAWN = (
    "Transcripts are SYNTHETIC: Dutch words in drawn order, so that they have ordinary lengths; no "
    "sentence means anything, none comes twice, nobody said any of it."
)
INTERVIEWER = "Interviewer"
# Words a sentence, and sentences an answer: in interviews some answers are long.
SHORTEST, LONGEST = 6, 20
MEAN_SENTENCES, MOST_SENTENCES = 8, 40
# No file that is younger than the study's settle_seconds is taken in.
AGE_SECONDS = 3_600
# None begins with a capital: whoever is named would be looked for.
LISTED = """
aan achter afspraak afspraken al alleen altijd anders angst avond baby bang bed begin begon
begrepen begrijpen bellen beter bezoek bij blijven boos brief broer buiten buurt daarna dag
dagen dan dat de deden deed denken deur dicht die dingen dit doen dochter door druk duidelijk
durven echt een eerlijk eerst elkaar en er erg ergens eten even fijn foto gaan gaf gauw gebeurde
gedacht geen gehoord gekeken geleden geloof genoeg gesprek gesprekken gevoel gevraagd gewoon
gezegd gezien gezin ging goed graag groot haar half hand hard hebben heel helpen hem het hier
hoe hoorde horen huis hulp iedereen iemand iets ik in jaar jongen juist kamer kan kennen kijken
kind kinderen klaar klein koffie komen kon kort kracht krijgen kwam kwijt laat lachen lang
langzaam last later leren leven lezen licht lief liever loop luisteren maand maar mag makkelijk
man meer meestal meisje mens mensen met mij misschien moe moeder moeilijk moest moeten mogen
moment morgen naar nacht nadenken nee net niemand niet nieuw nodig nog nooit nu of ogen om
onder onze ook oor op open opnieuw opvoeden oud over paar pas plan praten precies probeerde
proberen raar rapport rechter reden rest rust rustig samen schaamde school schreef schrijven
slapen slecht sloot snel soms speelde spelen staan stap sterk stil stond straat straks stuk
tafel te tegen terug tijd toch toen tot trots tussen twee uit uitleg uur vaak vader van vanaf
vandaag veel ver vergeten verhaal vertellen vertrouwen verschil vinden voelen volgens voor
voorbeeld vraag vragen vriend vrij vroeg vroeger waar waarom wachten wanneer want waren warm wat
week weer weg weinig weken wel werd werk weten wie wij wilde willen wist woord woorden zat
zeggen zei zeker zelf zelfs zien ziek zin zitten zo zoals zoeken zomer zonder zoon zorg zorgen
zou zus zware
"""
WORDS = np.array(LISTED.split(), dtype=object)


def make_talk_study(folder: Path, **settings: Any) -> Study:  # noqa: ANN401 - any setting
    """Make an empty study with the shipped codebook, for transcripts of drawn words."""
    fixed = {
        "name": "Drawn words for a benchmark",
        "is_synthetic": True,
        "stance": "coding reliability",
        "open_without_password": True,
    }
    study = create_study(folder, make_settings(fixed | settings), now=utc_now())
    with study.database.write() as connection:
        store_codebook(connection, read_codebook(shipped_codebook_path()), now=utc_now())
    return study


def fill_inbox(
    folder: Path, *, n_interviews: int, n_words: int, seed: int, prefix: str, report: Report
) -> None:
    """Put transcripts into a study's inbox, with what a person says of them in interviews.csv."""
    interviews = read_interviews(folder / FILE_NAME)
    rows = []
    for number in range(n_interviews):
        report("Making transcripts", number, n_interviews)
        file = folder / INBOX / f"{prefix}-{number:05d}.txt"
        # Of its own seed, so that the first so many are the same however many there are.
        file.write_text(draw_talk(np.random.default_rng([seed, number]), n_words), encoding="utf-8")
        settled = time.time() - AGE_SECONDS
        os.utime(file, (settled, settled))
        rows.append(_say(file.name, file.stem))
    report("Making transcripts", n_interviews, n_interviews)
    write_interviews(folder / FILE_NAME, InterviewList((*interviews.rows, *rows)))


def take_in_all(folder: Path, *, report: Report) -> float:
    """Take in what lies in a study's inbox, as `themeloop add` does; give the seconds."""
    started = time.perf_counter()
    watcher = WATCHER.set(report)
    with open_work(folder) as work:
        for_each(call_plainly, take_in_transcript, work, find_arrived(work))
    WATCHER.reset(watcher)
    return time.perf_counter() - started


def draw_talk(rng: np.random.Generator, n_words: int) -> str:
    """Draw the lines of an interview of some words: short questions, answers of drawn lengths."""
    sentences = iter(_draw_sentences(rng, n_words))
    lines = []
    for question in sentences:
        lines.append(f"{INTERVIEWER}: {question}?")
        n = min(int(rng.geometric(1 / MEAN_SENTENCES)), MOST_SENTENCES)
        if answer := [f"{each}." for each in islice(sentences, n)]:
            lines.append(f"Participant: {' '.join(answer)}")
    return "\n".join(lines) + "\n"


def _draw_sentences(rng: np.random.Generator, n_words: int) -> Iterator[str]:
    words: Sequence[str] = WORDS[rng.integers(len(WORDS), size=n_words)].tolist()
    lengths = rng.integers(SHORTEST, LONGEST, size=n_words // SHORTEST, endpoint=True)
    for start, end in pairwise([0, *accumulate(lengths.tolist())]):
        # A rest of few words might be another interview's, too.
        if end > n_words:
            return
        yield " ".join(words[start:end]).capitalize()


def _say(file: str, label: str) -> InterviewRow:
    return InterviewRow(
        file, interview=label, participant=f"p-{label}", language="nl", interviewer=INTERVIEWER
    )
