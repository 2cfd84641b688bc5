"""Who says what to whom: what a participant says in one stretch, and the question before it."""

import re
from collections.abc import Sequence

from study.records import Span, Turn
from study.transcripts import INTERVIEWER, NOTE

WORD = re.compile(r"\S+")
# "Mm-hmm.", "okay, all right", "ja, ja, ja": of the interviewers' turns without a question that
# were looked at, nearly all of up to two words and half of three only say "I hear you", and the
# rest of three repeat the participant; those of four mostly say something of their own.
MOST_BACK_CHANNEL_WORDS = 3
# Transcripts without punctuation ask too: "waarom niet", "and then". Dutch, then English.
QUESTION_WORDS = re.compile(
    r"\b(wie|wat|waar|wanneer|waarom|waardoor|waarvoor|hoe|hoezo|welke?|daarna|verder|anders"
    r"|who|what|where|when|why|how|which|then|next|else)\b",
    re.IGNORECASE,
)


def find_stretches(text: str, turns: Sequence[Turn]) -> list[list[Turn]]:
    """Group the turns that are to be coded into stretches, in transcript order.

    They are all turns but the interviewers' and notes: of whom nobody said who they are may be a
    participant, and no word of a participant is left out. Turns of one speaker are a stretch as
    long as only back-channels and bracketed notes stand between them. Blank turns do not count.
    """
    stretches: list[list[Turn]] = []
    is_open = False
    for turn in turns:
        if _is_passing(text, turn):
            continue
        is_told = turn.role not in (INTERVIEWER, NOTE)
        if is_told and is_open and stretches[-1][-1].speaker == turn.speaker:
            stretches[-1].append(turn)
        elif is_told:
            stretches.append([turn])
        is_open = is_told
    return stretches


def question_before(text: str, turns: Sequence[Turn], span: Span) -> Span | None:
    """Find what the interviewer said last before an excerpt, other than a back-channel.

    Interviewers' turns that follow each other directly are one question.

    Returns:
        None where no interviewer spoke before it, or nobody said who the interviewer is.
    """
    before = [turn for turn in turns if turn.span.start_char < span.start_char]
    asked = [place for place, turn in enumerate(before) if _is_question(text, turn)]
    if not asked:
        return None
    first = asked[-1]
    while first > 0 and _is_question(text, before[first - 1]):
        first -= 1
    return Span(before[first].span.start_char, before[asked[-1]].span.end_char)


def is_back_channel(text: str, turn: Turn) -> bool:
    """Tell whether an interviewer's turn says no more than that they listen."""
    words = text[turn.span.start_char : turn.span.end_char]
    if turn.role != INTERVIEWER or "?" in words or QUESTION_WORDS.search(words):
        return False
    return count_words(text, turn.span) <= MOST_BACK_CHANNEL_WORDS


def has_words(text: str, span: Span) -> bool:
    """Tell whether anything but white space stands in a span."""
    return WORD.search(text, span.start_char, span.end_char) is not None


def count_words(text: str, span: Span) -> int:
    """Count the words of a span; a word is what white space parts."""
    return len(WORD.findall(text, span.start_char, span.end_char))


def _is_question(text: str, turn: Turn) -> bool:
    is_said = turn.role == INTERVIEWER and has_words(text, turn.span)
    return is_said and not is_back_channel(text, turn)


def _is_passing(text: str, turn: Turn) -> bool:
    if not has_words(text, turn.span):
        return True
    # "[laughs]" interrupts nobody; a heading without brackets opens something new.
    is_aside = text[turn.span.start_char : turn.span.end_char].lstrip().startswith(("[", "("))
    return is_back_channel(text, turn) or (turn.role == NOTE and is_aside)
