"""Makes a small coded study that can be learnt from; every word here is synthetic."""

import shutil
from itertools import count

import numpy as np
import pytest
import sklearn.linear_model  # noqa: F401  its threads are there to be limited only once it is loaded
from threadpoolctl import threadpool_limits

from codebook.reader import parse_codebook
from models.packing import unpack_classifier
from pipeline import embed
from pipeline.order import learn_in_order, suggest_in_order
from pipeline.work import Work, call_plainly
from study.codebooks import current_codebook, store_codebook
from study.coded_file import take_in
from study.decisions import Action, Verdict, record_action
from study.folder import Study, create_study, open_study
from study.model_files import load_model
from study.records import CodedInterview, GivenCoding, GivenExcerpt
from study.registry import read_in_force, read_registered
from study.review_queue import find_coder
from study.settings import Settings
from study.suggestions import read_current_suggestions, read_scores
from study.transcripts import list_transcripts, read_excerpts
from tests.fakes import NOW, WordEncoder

# It is said in every interview, and may stand nowhere but in them and in vocabularies.
CANARY = "zeppelinfahrt"
SUPPORT = "{key: support, name: Support, definition: being helped}"
TRUST = "{key: trust, name: Trust, definition: relying on the worker, parent: support}"
HEARD = "{key: heard, name: Heard, definition: somebody listened, parent: support}"
CALM = "{key: calm, name: Calm, definition: quiet at home}"
STORM = "{key: storm, name: Storm, definition: shouting at home}"
CODES = (SUPPORT, TRUST, HEARD, CALM, STORM)
# What people say where a code is; the codebook has none of these words.
SAID = {
    "trust": "anchor lantern rope",
    "heard": "kettle bench garden",
    "calm": "meadow feather snow",
    "storm": "thunder gravel siren",
}
FILLER = f"then we went there and it was so they came before {CANARY}".split()
N_INTERVIEWS, N_EXCERPTS = 8, 18


def make_book(*codes):
    """Make a codebook of these codes, in which calm and storm are opposites."""
    lines = ["name: Synthetic codebook", "codes:", *(f"- {code}" for code in codes)]
    if {CALM, STORM} <= set(codes):
        lines += ["relations:", "- {from: calm, to: storm, kind: contrasts_with}"]
    return parse_codebook("\n".join(lines))


BOOK = make_book(*CODES)


def make_interview(number, *, participant=None, language="en", is_coded=True, is_assisted=False):
    """Make an interview whose words carry the codes that anna gave it, but now and then heard."""
    rng = np.random.default_rng(number)
    label, excerpts, codings = f"I{number}", [], []
    for place in range(N_EXCERPTS):
        keys = [key for key in SAID if rng.random() < 0.25]
        words = list(rng.choice(FILLER, 6))
        said = [key for key in keys if key != "heard" or rng.random() < 0.7]
        words += [str(rng.choice(SAID[key].split())) for key in said for _ in range(2)]
        rng.shuffle(words)
        text, speaker = " ".join([*words, f"n{place}."]), ("interviewer", "participant")[place % 2]
        excerpts.append(GivenExcerpt(f"{label}_e{place}", place, speaker, text))
        codings.append(GivenCoding(excerpts[-1].label, "anna", tuple(keys), place, is_assisted))
    given = tuple(codings) if is_coded else ()
    who = participant or f"P{number}"
    return CodedInterview(label, "synthetic", language, who, tuple(excerpts), given)


def add(study, *interviews):
    """Take interviews into a study."""
    with study.database.read() as connection:
        known = list_transcripts(connection)
        book = current_codebook(connection).codebook if known else BOOK
    take_in(study, interviews, book, is_segmenting=False, now=NOW)


def fill(study, n=N_INTERVIEWS, **how):
    """Take coded interviews into a study, and let codes be proposed for them."""
    add(study, *(make_interview(number, **how) for number in range(1, n + 1)))
    return suggest(study)


def suggest(study):
    """Run the steps that make suggestions."""
    return suggest_in_order(call_plainly, Work(study))


def learn(study, *, is_asked=True):
    """Run the steps that learn, as somebody asks for it or as the clock does."""
    return learn_in_order(call_plainly, Work(study), is_asked=is_asked)


def use_codebook(study, *codes):
    """Change the codebook."""
    with study.database.write() as connection:
        store_codebook(connection, make_book(*codes), now=NOW)


def with_settings(study, **values):
    """Give a study with other settings."""
    return Study(study.folder, study.settings.model_copy(update=values), study.database)


def in_force(study):
    with study.database.read() as connection:
        return read_in_force(connection)


def parts_of(study, model=None):
    """Give the arrays and facts of a version, of the one in force unless told."""
    return load_model(study.folder / "models", (model or in_force(study)).sha256)


def classifier_of(study, model=None):
    return unpack_classifier(*parts_of(study, model))


def choices_of(study):
    """Give how the version in force proposes each code, by key."""
    with study.database.read() as connection:
        codes = current_codebook(connection).codebook.codes
    chosen = classifier_of(study).choices.codes
    return {code.key: choice for code, choice in zip(codes, chosen, strict=True)}


def figures_of(study, model_id):
    with study.database.read() as connection:
        return read_registered(connection, model_id).figures


def suggestions(study):
    """List what is suggested now, in transcript order."""
    with study.database.read() as connection:
        return read_current_suggestions(connection)


def scores(study):
    """Give the scores of the version in force by key, over all interviews that it scored."""
    model = in_force(study)
    with study.database.read() as connection:
        keys = [code.key for code in current_codebook(connection).codebook.codes]
        blocks = [
            read_scores(connection, each.segmentation_id, model.id)
            for each in list_transcripts(connection)
        ]
    return dict(zip(keys, np.concatenate(blocks).T, strict=True))


def excerpts_of(study, label):
    """List an interview's excerpts."""
    with study.database.read() as connection:
        (found,) = (each for each in list_transcripts(connection) if each.interview == label)
        return read_excerpts(connection, found)


NUMBERS = count()


def decide(study, label, place, *keys, coder="coder", is_assisted=True):
    """Give an excerpt these codes on the page, and finish it."""
    with study.database.write() as connection:
        version = current_codebook(connection)
        rows = [version.code_ids[version.codebook.by_key[key].guid] for key in keys]
        excerpt = excerpts_of(study, label)[place]
        said = (*(Verdict("add", row) for row in rows), Verdict("done"))
        action = f"action {next(NUMBERS)}"
        made = Action(action, find_coder(connection, coder), excerpt.id, said, None, is_assisted)
        record_action(connection, made, now=NOW)
    return excerpt.id


@pytest.fixture
def one_thread():
    """Train in one thread: on a busy machine several wait for one another most of the time."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def originals(tmp_path_factory):
    """Two folders: a study whose codes are proposed by description, and one that has learnt."""
    folder = tmp_path_factory.mktemp("taught")
    words = WordEncoder()
    with pytest.MonkeyPatch.context() as patch, threadpool_limits(1):
        patch.setattr(embed, "the_encoder", lambda _name: words)
        untrained = create_study(folder / "untrained", Settings(), now=NOW)
        fill(untrained)
        untrained.database.close()
        trained = open_study(shutil.copytree(folder / "untrained", folder / "trained"))
        learn(trained)
        trained.database.close()
    return folder


@pytest.fixture
def copy_of(originals, tmp_path, encoder, one_thread):
    """Give the folder of a fresh copy of one of them, on SQLite."""
    numbers = count()

    def copy(name):
        return shutil.copytree(originals / name, tmp_path / f"{name}-{next(numbers)}")

    return copy


@pytest.fixture
def untrained(copy_of):
    """Eight coded interviews of eight participants, suggestions by description; on SQLite."""
    study = open_study(copy_of("untrained"))
    yield study
    study.database.close()


@pytest.fixture
def trained(copy_of):
    """The same after a classifier was trained on them and put in force."""
    study = open_study(copy_of("trained"))
    yield study
    study.database.close()
