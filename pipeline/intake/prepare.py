"""Prepares a transcript file for the study: who speaks, what must be asked, what is replaced."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from pipeline.identifying.gazetteer import Gazetteer
from pipeline.intake.interviews import InterviewList, InterviewRow, find_blanks
from pipeline.intake.roles import recognise_interviewers
from pipeline.linguistics import tell_language
from pipeline.pseudonymise import (
    INTERVIEWER,
    PARTICIPANT,
    Pseudonymised,
    Subject,
    pseudonymise_turns,
)
from pipeline.transcripts.records import ReadTranscript, ReadTurn
from study import transcripts as roles
from study.added import AddedInterview, AddedSpeaker, AddedTurn
from study.folder import Study
from study.pseudonyms import Pseudonym

# How interviews.csv and our messages name who has no label in a file whose other turns have one.
UNKNOWN = "?"
SYNTHETIC, INTERVIEWS = "SYNTHETIC", "interviews"


@dataclass(frozen=True)
class Prepared:
    """A transcript as it would be stored.

    Attributes:
        row: What is said of it in interviews.csv, with what could be told filled in.
        blanks: What a person must fill in before it can be stored; "" where nothing.
        speakers: Who each of the file's labels is.
    """

    transcript: ReadTranscript
    row: InterviewRow
    blanks: str
    speakers: dict[str, AddedSpeaker]
    pseudonymise: Callable[[], Pseudonymised] = field(repr=False)

    @cached_property
    def result(self) -> Pseudonymised:
        """Give it without names; what waits for a person is not searched for them yet."""
        return self.pseudonymise()


def describe_file(
    file: str,
    transcript: ReadTranscript,
    interviews: InterviewList,
    *,
    taken: Collection[str] = (),
    known: str | None = None,
) -> InterviewRow:
    """Give what is said of a file, with what could be told of the rest; nothing is guessed.

    Args:
        taken: Labels of the interviews that the study has.
        known: The label of the interview that the file is already.
    """
    row = interviews.find(file) or InterviewRow(file)
    others = [each for each in interviews.rows if each.file != file]
    labels = list_labels(transcript)
    text = " ".join(turn.text for turn in transcript.turns)
    return replace(
        row,
        interview=known or row.interview or interviews.next_label(taken),
        language=row.language or tell_language(text) or "",
        interviewer=row.interviewer or "; ".join(recognise_interviewers(labels, others)),
    )


def prepare_transcript(
    study: Study,
    transcript: ReadTranscript,
    row: InterviewRow,
    *,
    interviews: InterviewList,
    gazetteer: Gazetteer,
    known: Sequence[Pseudonym],
) -> Prepared:
    """Say who speaks in a transcript, and how it is pseudonymised.

    Args:
        known: The pseudonyms that the participant's interviews have already.
    """
    labels = list_labels(transcript)
    others = [each for each in interviews.rows if each.file != row.file]
    speakers = assign_speakers(labels, row)
    subject = Subject(
        participants=row.owners,
        language=row.language or study.settings.language,
        speakers=tuple((label, _category(speakers[label])) for label in labels if label != UNKNOWN),
    )
    return Prepared(
        transcript=transcript,
        row=row,
        blanks=find_blanks(row, labels, others),
        speakers=speakers,
        pseudonymise=partial(
            pseudonymise_turns, study, transcript.turns, subject, gazetteer, known
        ),
    )


def list_labels(transcript: ReadTranscript) -> list[str]:
    """List who speaks, in the order they begin; [""] where a file names nobody at all."""
    labels = list(dict.fromkeys(turn.speaker for turn in transcript.turns if turn.is_speech))
    return labels if labels == [""] else [label or UNKNOWN for label in labels]


def assign_speakers(labels: Sequence[str], row: InterviewRow) -> dict[str, AddedSpeaker]:
    """Say who each label is; in the study speakers are named by their role, never by the label."""
    rest = row.participants.get("")
    speakers: dict[str, AddedSpeaker] = {}
    for label in labels:
        participant = row.participants.get(label)
        if label in row.interviewers:
            role = roles.INTERVIEWER
        elif participant or (rest and label != UNKNOWN):
            role, participant = roles.PARTICIPANT, participant or rest
        else:
            role = None
        name = _number(role or "unknown", speakers)
        speakers[label] = AddedSpeaker(name, role, participant)
    return speakers


def as_added(study: Study, prepared: Prepared, source_hash: str) -> AddedInterview:
    """Give a prepared transcript as the study stores it."""
    row, result = prepared.row, prepared.result
    turns = tuple(
        AddedTurn(speaker_of(prepared, turn).label, span, turn.start_ms, turn.end_ms)
        for turn, span in zip(prepared.transcript.turns, result.turns, strict=True)
    )
    speakers = {each.label: each for each in prepared.speakers.values()}
    if any(turn.speaker == NOTE.label for turn in turns):
        speakers[NOTE.label] = NOTE
    return AddedInterview(
        label=row.interview,
        dataset=SYNTHETIC if study.settings.is_synthetic else INTERVIEWS,
        language=row.language or None,
        held_on=row.date or None,
        source_hash=source_hash,
        participants=row.describe_participants(),
        speakers=tuple(speakers.values()),
        turns=turns,
        text=result.text,
        offsets=result.offsets,
    )


NOTE = AddedSpeaker(roles.NOTE, roles.NOTE)


def speaker_of(prepared: Prepared, turn: ReadTurn) -> AddedSpeaker:
    """Say who a turn is of; what nobody says is a note's."""
    if not turn.is_speech:
        return NOTE
    return prepared.speakers.get(turn.speaker) or prepared.speakers[UNKNOWN]


def _number(name: str, speakers: dict[str, AddedSpeaker]) -> str:
    taken = {speaker.label for speaker in speakers.values()}
    number, label = 1, name
    while label in taken:
        number += 1
        label = f"{name} {number}"
    return label


def _category(speaker: AddedSpeaker) -> str:
    return INTERVIEWER if speaker.role == roles.INTERVIEWER else PARTICIPANT
